package dev.galen.bench.book;

/** What a figure counts, and which way is better. */
public enum Unit {
  TOKENS_PER_SECOND("tokens/s", 1, true),
  GFLOP_PER_SECOND("GFLOP/s", 1e-9, true),
  GB_PER_SECOND("GB/s", 1e-9, true),
  MB_PER_SECOND("MB/s", 1e-6, true),
  MILLISECONDS("ms", 1e3, false),
  MICROSECONDS("us", 1e6, false),
  TIMES("times", 1, true),
  BYTES("bytes", 1, false),
  BYTES_PER_TOKEN("bytes/token", 1, false);

  private final String symbol;
  private final double scale;
  private final boolean moreIsBetter;

  Unit(String symbol, double scale, boolean moreIsBetter) {
    this.symbol = symbol;
    this.scale = scale;
    this.moreIsBetter = moreIsBetter;
  }

  /** As tables and JSON write it. */
  public String symbol() {
    return symbol;
  }

  /** {@code amount} (tokens, operations, bytes) done in {@code seconds}, in this unit. */
  public double value(double amount, double seconds) {
    return moreIsBetter ? scale * amount / seconds : scale * seconds / amount;
  }

  /** How many times better ours is than a peer's. */
  public double ratio(double ours, double peer) {
    return moreIsBetter ? ours / peer : peer / ours;
  }
}
