"""Writes reference.safetensors with the safetensors package itself (made with safetensors 0.8.0).

    pip install numpy safetensors && python make_reference.py

ReferenceFileTest wants every value again, and the same bytes from our own writer. Tensors are given
in an order that is neither the file's nor the alphabet's.
"""

import pathlib

import numpy
from safetensors import TensorSpec, serialize_file

BFLOAT16 = numpy.array([0x3F80, 0xC000, 0x7FC0], numpy.uint16)  # 1, -2, NaN

TENSORS = {
    "mask": ("bool", numpy.array([True, False, True])),
    "bytes": ("uint8", numpy.array([[0, 1], [254, 255]], numpy.uint8)),
    "half": ("float16", numpy.array([0.5, -2.0, 65504.0], numpy.float16)),
    "brain": ("bfloat16", BFLOAT16),
    "ids": ("int32", numpy.array([-(2**31), 0, 2**31 - 1], numpy.int32)),
    "h.1.weight": ("float32", numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 4),
    "h.0.weight": ("float32", numpy.array([[-1.5]], numpy.float32)),
    "double": ("float64", numpy.array([numpy.pi])),
    "long": ("int64", numpy.array([-(2**63), 2**63 - 1])),
    "scalar": ("float32", numpy.array(3.25, numpy.float32)),
    "empty": ("float32", numpy.zeros((0, 4), numpy.float32)),
    "\u00e9\U0001f600 \"q\"\\": ("uint8", numpy.array([7], numpy.uint8)),
    "\uff5e": ("uint8", numpy.array([8], numpy.uint8)),
}

specs = {
    name: TensorSpec(
        dtype=dtype, shape=array.shape, data_ptr=array.ctypes.data, data_len=array.nbytes
    )
    for name, (dtype, array) in TENSORS.items()
}
target = pathlib.Path(__file__).with_name("reference.safetensors")
serialize_file(specs, target, metadata={"note": "line 1\nline 2 \u00e9"})  # One: it shuffles several.
