"""Writes what EventFileTest compares with, by TensorBoard's own classes (tensorboard 2.21.0).

    python make.py

new.tfevents is a run from its first step, resumed.tfevents one that goes on after step 7.
"""
import bisect
import pathlib
import sys

from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

WALL_TIME = 1700000000.25


def event(step, **what):
    return event_pb2.Event(wall_time=WALL_TIME, step=step, **what)


def summary(step, **value):
    return event(
        step, summary=summary_pb2.Summary(value=[summary_pb2.Summary.Value(**value)])
    )


def limits():
    positive = []
    limit = 1e-12
    while limit < 1e20:
        positive.append(limit)
        limit *= 1.1
    positive.append(sys.float_info.max)
    return [-limit for limit in reversed(positive)] + [0.0] + positive


def histogram(values):
    """As TensorFlow's Histogram::EncodeToProto does it: runs of empty buckets are one."""
    edges = limits()
    counts = [0] * len(edges)
    total = squares = 0.0
    for value in values:
        counts[bisect.bisect_right(edges, value)] += 1
        total += value
        squares += value * value
    bucket_limit, bucket = [], []
    for edge, count in zip(edges, counts):
        if bucket and bucket[-1] == 0 and count == 0:
            bucket_limit[-1] = edge
        else:
            bucket_limit.append(edge)
            bucket.append(count)
    return summary_pb2.HistogramProto(
        min=min(values),
        max=max(values),
        num=len(values),
        sum=total,
        sum_squares=squares,
        bucket_limit=bucket_limit,
        bucket=bucket,
    )


def values():
    edges = [edge for edge in limits() if abs(edge) < 1e19]
    return [(i - 20) * 0.37 for i in range(41)] + edges[::97] + [-edges[700], 3e20, -3e20]


def text(tag, step, content):
    return summary(
        step,
        tag=tag,
        metadata=summary_pb2.SummaryMetadata(
            plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="text")
        ),
        tensor=tensor_pb2.TensorProto(
            dtype=types_pb2.DT_STRING,
            tensor_shape=tensor_shape_pb2.TensorShapeProto(
                dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=1)]
            ),
            string_val=[content.encode()],
        ),
    )


def write(name, events):
    with open(pathlib.Path(__file__).with_name(name), "wb") as file:
        writer = RecordWriter(file)
        for each in events:
            writer.write(each.SerializeToString())
        writer.flush()


write(
    "new.tfevents",
    [
        event(0, file_version="brain.Event:2"),
        summary(0, tag="eval/loss", simple_value=0.0),
        summary(1, tag="train/loss", simple_value=2.5),
        summary(300, tag="train/loss", simple_value=float("inf")),
        summary(300, tag="weights/h.0.c_fc.weight", histo=histogram(values())),
        text("samples/Wie geht es?", 70000, "**Wie geht es?** Gut, danke für die Frage 🙂"),
    ],
)
write(
    "resumed.tfevents",
    [
        event(8, file_version="brain.Event:2"),
        event(8, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START)),
        summary(8, tag="train/loss", simple_value=-1.25),
    ],
)
