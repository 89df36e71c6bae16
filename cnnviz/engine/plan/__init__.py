"""Plans: networks with preallocated buffers, in the layout that one BLAS thread is fastest with."""

from cnnviz.engine.plan.plan import Loss, Plan
from cnnviz.engine.plan.store import Store

__all__ = ["Loss", "Plan", "Store"]
