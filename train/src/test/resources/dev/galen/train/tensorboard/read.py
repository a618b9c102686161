"""Prints what TensorBoard's own reader finds in a folder of event files, as JSON.

    python read.py FOLDER
"""
import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

reader = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "histograms": 0, "tensors": 0})
reader.Reload()
tags = reader.Tags()
texts = {}
for tag in tags["tensors"]:
    if reader.SummaryMetadata(tag).plugin_data.plugin_name == "text":
        texts[tag] = [
            [e.step, [part.decode() for part in e.tensor_proto.string_val]]
            for e in reader.Tensors(tag)
        ]
json.dump(
    {
        "scalars": {
            tag: [[e.step, e.value] for e in reader.Scalars(tag)] for tag in tags["scalars"]
        },
        "histograms": {
            tag: [
                [
                    e.step,
                    e.histogram_value.num,
                    e.histogram_value.min,
                    e.histogram_value.max,
                    sum(e.histogram_value.bucket),
                ]
                for e in reader.Histograms(tag)
            ]
            for tag in tags["histograms"]
        },
        "texts": texts,
    },
    sys.stdout,
)
