"""Small runs beside each other, for tests: they are trained in a moment."""

from cnnviz.lesson.recipe import Batches, Recipe
from cnnviz.lesson.runs import Runs, Twin


def small_runs(iterations: int = 4, rate: float = 0.05) -> Runs:
    """A plain and a residual network of one block, on digits of 8×8."""
    recipe = Recipe(
        (), "cross_entropy", rate=rate, iterations=iterations, momentum=0.5, seed=3, batches=Batches("digits", 10)
    )  # fmt: skip
    twins = (Twin("plain-4", (1,), "none", True), Twin("residual-4", (1,), "zero-padding", False))
    return Runs("small", "Small", recipe, 2, (5.0,), (6.0,), (4,), twins)
