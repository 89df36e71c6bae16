"""Who writes which format; each is imported only when it is asked for."""

from __future__ import annotations

from contextlib import AbstractContextManager

from cnnviz.export.formats import check_extra
from cnnviz.export.writing import Task, Writer


def writer_of(task: Task) -> AbstractContextManager[Writer]:
    """Give the block in which the task's format is written.

    Raises
    ------
    BadInput
        What the format needs is not installed.
    """
    check_extra(task.target.format)
    match task.target.format.ending:
        case "svg":
            from cnnviz.export.svg import open_svgs

            return open_svgs(task)
        case "pdf":
            from cnnviz.export.pdf import open_pdf

            return open_pdf(task)
        case "gif":
            from cnnviz.export.animation import open_animation
            from cnnviz.export.gif import GifPieces

            return open_animation(task, GifPieces())
        case "json":
            from cnnviz.export.facts import open_facts

            return open_facts(task)
        case "pptx":
            from cnnviz.export.pptx_deck import open_pptx

            return open_pptx(task)
        case "apng":
            from cnnviz.export.animation import open_animation
            from cnnviz.export.apng import ApngPieces

            return open_animation(task, ApngPieces())
        case "webp":
            from cnnviz.export.animation import open_animation
            from cnnviz.export.webp import WebpPieces

            return open_animation(task, WebpPieces())
        case "mp4" | "webm":
            from cnnviz.export.video import open_video

            return open_video(task)
        case _:
            from cnnviz.export.pictures import open_pngs

            return open_pngs(task)
