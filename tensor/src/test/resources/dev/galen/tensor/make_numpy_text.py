"""Writes numpy_text.txt: what numpy prints of arrays that TensorTextTest makes anew.

    python make_numpy_text.py > numpy_text.txt       # numpy 2.4

A line "= dtype dims values" and the text up to the next such line. Values are numbers; or
"i*a+b", which stands for that of each index i, exact in the type; or the same behind "T" for a
transposed and "S" for a sliced view of them (every dimension's order reversed; without the first
column).
"""
import numpy as np

TYPES = {"F32": np.float32, "F64": np.float64, "F16": np.float16, "I32": np.int32, "I64": np.int64,
         "U8": np.uint8, "BOOL": np.bool_}
NAN, INF = float("nan"), float("inf")


def show(dtype, dims, values, view=""):
    size = int(np.prod(dims, dtype=int))
    if isinstance(values, tuple):
        flat = np.arange(size) * values[0] + values[1]
        text = "i*%r+%r" % values
    else:
        flat = np.array(values, np.float64 if isinstance(values[0] if values else 0, float) else object)
        text = " ".join(repr(value) for value in values)
    array = flat.astype(TYPES[dtype]).reshape(dims)
    if view == "T":
        array = array.T
    elif view == "S":
        array = array[..., 1:]
    print("=", view + dtype, ",".join(map(str, dims)) or "-", text)
    print(array)


# Without a dimension.
for dtype, values in {
    "F32": [0.0, 1.5, 0.1, -0.0, 99999.0, 999999.0, 1e6, 9999999.0, 1e-4, 1.0001e-4, 1e-5, 2.5e-5, 3.14159274,
            1e20, 1e-45, 3.4028235e38, NAN, INF, -INF],
    "F64": [0.1, 1e15, 9e15, 1e16, 1e-4, 9.9e-5, 1 / 3, 5e-324, 1.7976931348623157e308, NAN],
    "F16": [0.1, 100.0, 999.0, 1000.0, 2048.0, 65504.0, 1e-4, 6e-8],
    "I32": [7, -2147483648], "I64": [-9223372036854775808, 9007199254740993], "U8": [255], "BOOL": [0, 1],
}.items():
    for value in values:
        show(dtype, [], [value])

# Columns.
show("F32", [2, 3], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
show("F32", [3], [1.0, -2.5, 100.25])
show("F32", [2, 2], [0.1, 0.2, 1 / 3, 2 / 3])
show("F32", [4], [1.0, NAN, INF, -INF])
show("F32", [3], [NAN, INF, NAN])
show("F32", [2], [NAN, -INF])
show("F32", [3], [0.5, 0.25, NAN])
show("F32", [2, 2], [1e10, NAN, -INF, 1.0])
show("F32", [3], [-1e10, NAN, 1.5])
show("F32", [3], [0.0, -0.0, 1.0])
show("F32", [3], [0.0, 0.0, 0.0])
show("F32", [2], [1.0, 1000.0])
show("F32", [2], [1.0, 1000.5])
show("F32", [2], [1e-4, 1e-2])
show("F32", [2], [9e-5, 1e-2])
show("F32", [2], [999999.0, 1000.0])
show("F32", [2], [1000000.0, 1000.0])
show("F32", [3], [1e-45, 3.4028235e38, 0.0])
show("F32", [5], [0.1234567891, 12.34567891, 0.000123456789, 0.0012, 0.005])
show("F64", [4], [0.1234567891234, 1.5, 0.123456785, 99999999.0 / 3e6])
show("F64", [3], [1.0, 2.000000005, 2.000000015])
show("F64", [2], [99999999.0, 1e6])
show("F64", [2], [100000000.0, 1e6])
show("F64", [3], [1e-100, 5e-324, 1.0])
show("F64", [2], [1 / 3, 1e5])
show("F16", [4], [0.1, 0.2, 65.5, -3.14])
show("F16", [2], [2.0, 1000.0])
show("F16", [2], [1e-4, 1e-2])
show("F16", [3], [65504.0, 6e-8, INF])
show("I32", [2, 3], [1, -20, 300, 4, 5, 6])
show("I64", [2], [-9223372036854775808, 9007199254740993])
show("U8", [4], [0, 1, 20, 255])
show("BOOL", [2, 2], [1, 0, 0, 1])
show("BOOL", [3], [1, 1, 1])

# Nothing, little, much.
show("F32", [0], [])
show("F32", [2, 0], [])
show("F32", [0, 3], [])
show("F32", [1], [5.0])
show("F32", [1, 1, 1], [5.0])
show("F32", [2, 2, 3], (0.5, -1))
show("I32", [2, 2, 2, 2], (1, 0))
show("F32", [30], (0.25, 0))
show("F32", [2, 40], (0.125, -4))
show("I32", [1000], (1, 0))
show("I32", [1001], (1, 0))
show("F32", [1001], (0.25, 0))
show("F32", [40, 30], (0.5, -300))
show("F32", [7, 150], (1, 0))
show("F32", [6, 200], (1, 0))
show("F32", [3, 400], (0.5, 0))
show("I32", [10, 11, 12], (1, -600))
show("I32", [2, 3, 200], (1, 0))
show("F64", [8, 2, 8, 9], (0.0625, 0))
show("F16", [600, 2], (0.5, 0))
show("U8", [1500], (0, 7))
show("BOOL", [1200], (0, 1))
show("F32", [1, 20], (12345.125, 0))
show("F32", [3, 300], (4e10, 1), "")

# Views.
show("F32", [2, 3], (1, 0), "T")
show("F32", [2, 3, 4], (0.5, 0), "T")
show("F32", [3, 4], (1, 0), "S")
show("I32", [50, 40], (1, 0), "T")
show("I32", [50, 40], (1, 0), "S")
