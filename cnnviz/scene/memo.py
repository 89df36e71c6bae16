"""The memo of the timeline, for what is drawn."""

from cnnviz.timeline.memo import Memo as Memo
