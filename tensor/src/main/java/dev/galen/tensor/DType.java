package dev.galen.tensor;

/** Element types, spelled as safetensors spells them. */
public enum DType {
  /** IEEE 754 single precision; what models compute in. */
  F32(4, true),
  /** IEEE 754 double precision; what gradient checks compute in. */
  F64(8, true),
  /** IEEE 754 half precision. */
  F16(2, true),
  /** The upper half of an F32, rounded to nearest even. */
  BF16(2, true),
  /** Signed 32-bit integers; token ids and labels. */
  I32(4, false),
  /** Signed 64-bit integers. */
  I64(8, false),
  /** Unsigned 8-bit integers. */
  U8(1, false),
  /** One byte, 0 or 1. */
  BOOL(1, false);

  private final int byteSize;
  private final boolean floating;

  DType(int byteSize, boolean floating) {
    this.byteSize = byteSize;
    this.floating = floating;
  }

  /** Bytes per element. */
  public int byteSize() {
    return byteSize;
  }

  /** Whether gradients can flow through this type. */
  public boolean isFloating() {
    return floating;
  }

  /**
   * The type of what is kept about values of this type for the backward pass (means, logarithms of
   * sums): at least F32, because an F16 or BF16 there would cost more than the values' own
   * rounding.
   */
  public DType statistics() {
    return this == F64 ? F64 : F32;
  }

  /** The nearest BF16 to {@code value}, ties to even; NaN stays NaN. */
  public static short toBFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /** The exact value of a BF16. */
  public static float fromBFloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
