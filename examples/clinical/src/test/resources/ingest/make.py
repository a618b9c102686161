"""Makes pubmedqa.parquet, a record in the columns of HuggingFace's pqa_labeled; pyarrow writes it.

Its texts are invented. Run: python make.py
"""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

context = {
    "contexts": ["We asked.", "It did."],
    "labels": ["BACKGROUND", "RESULTS"],
    "meshes": ["Humans", "Pain"],
    "reasoning_required_pred": ["y", "e", "s"],
    "reasoning_free_pred": ["y", "e", "s"],
}
table = pa.table(
    {
        "pubid": pa.array([101], pa.int32()),
        "question": ["Does it help?"],
        "context": pa.array([context]),
        "long_answer": ["It helps."],
        "final_decision": ["yes"],
    }
)
pq.write_table(table, pathlib.Path(__file__).parent / "pubmedqa.parquet")
