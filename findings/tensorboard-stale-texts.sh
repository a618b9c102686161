#!/usr/bin/env bash
# TensorBoard: a run that was resumed loses its abandoned scalars, but keeps its abandoned texts.
#
# Expected: a resumed run writes a SessionLog of status START with the step that it goes on from.
# EventAccumulator drops what the earlier session wrote from that step on (purge_orphaned_data is
# its default), of all kinds that a SummaryWriter writes.
# Seen: scalars of the old API are dropped. Values that are tensors, as add_text and all summaries of
# TensorFlow 2 are, stay, so that two texts of one step stand beside each other.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q tensorboard==2.21.0 2>"$dir/pip.log" ||
  { cat "$dir/pip.log"; exit 2; }
DIR=$dir "$dir/venv/bin/python" - <<'PYTHON'
import os

import tensorboard
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util

print("tensorboard", tensorboard.version.VERSION)
logs = os.path.join(os.environ["DIR"], "logs")


def text(step, words):
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
    value = Summary.Value(tag="sample", metadata=metadata, tensor=tensor_util.make_tensor_proto([words.encode()]))
    return Event(step=step, wall_time=step, summary=Summary(value=[value]))


def scalar(step, x):
    return Event(step=step, wall_time=step, summary=Summary(value=[Summary.Value(tag="loss", simple_value=x)]))


def session(suffix, events):
    writer = EventFileWriter(logs, filename_suffix=suffix)
    for event in events:
        writer.add_event(event)
    writer.close()


# A run of three evaluations that was killed behind the third, and goes on from its checkpoint of step 20.
session(".1", [e for s in (10, 20, 30) for e in (scalar(s, s), text(s, f"first session, step {s}"))])
start = Event(step=21, wall_time=40, session_log=SessionLog(status=SessionLog.START))
session(".2", [start] + [e for s in (30, 40) for e in (scalar(s, -s), text(s, f"second session, step {s}"))])

events = EventAccumulator(logs)
events.Reload()
scalars = [(e.step, e.value) for e in events.Scalars("loss")]
texts = [(e.step, e.tensor_proto.string_val[0].decode()) for e in events.Tensors("sample")]
print("scalars", scalars)
print("texts", texts)
assert scalars == [(10, 10.0), (20, 20.0), (30, -30.0), (40, -40.0)]
assert texts == [(s, f"first session, step {s}") for s in (10, 20, 30)] + [(s, f"second session, step {s}") for s in (30, 40)]
print("as recorded: the text of step 30 that was abandoned is still there")
PYTHON
