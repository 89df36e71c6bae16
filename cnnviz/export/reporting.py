"""An export in words: how far it is, what it wrote, and the line that puts it into a LaTeX document."""

from __future__ import annotations

from cnnviz.export.job import Progress, Report
from cnnviz.export.latex import animategraphics, multiinclude
from cnnviz.export.writing import Task
from cnnviz.timeline.transport import clock


def progress_words(now: Progress) -> str:
    """How far an export is, how fast it goes and how long it still takes."""
    parts = [f"Frame {now.done:,} of {now.total:,}"]
    if now.frames_per_second is not None:
        rate = now.frames_per_second
        parts.append(f"{rate:.0f} a second" if rate >= 10 else f"{rate:.1f} a second")
    if now.seconds_left is not None and now.done < now.total:
        parts.append(f"{clock(now.seconds_left)} left")
    return " · ".join(parts)


def size_words(count: int) -> str:
    """A number of bytes in a few figures.

    Examples
    --------
    >>> size_words(999), size_words(1_250_000)
    ('1 kB', '1.2 MB')
    """
    return f"{max(1, round(count / 1000)):,} kB" if count < 1_000_000 else f"{count / 1e6:,.1f} MB"


def written_words(report: Report) -> str:
    """What was written, and where."""
    what = report.place.name if report.files == 1 else f"{report.files:,} files to {report.place.name}"
    return f"Wrote {what}, {size_words(report.bytes_written)}"


def latex_lines(task: Task) -> str:
    """The lines that play a PDF, or pictures that are counted for LaTeX; empty for all else."""
    if task.target.format.ending != "pdf" and not (task.target.counted and task.target.width):
        return ""
    played = animategraphics(task.target, task.plan, task.shots)
    return "\n".join(line for line in (played, multiinclude(task.target, task.shots)) if line)
