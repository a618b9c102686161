package dev.galen.kernels.cpu;

/**
 * e^x of a single float by the numbers and the order of {@link VectorMath#exp}, for the ends of
 * rows: the bits are those that a lane would have.
 */
final class ScalarExp {
  /** Adding it leaves an integer in the low bits of a float. */
  static final float ROUNDER = 0x1.8p23f;

  static final float LOG2_E = 1.442695f;

  /** -ln 2 in two parts, the first with zeros at its end, so that n times it is exact. */
  static final float MINUS_LN2_HIGH = -0.6933594f;

  static final float MINUS_LN2_LOW = 2.1219444e-4f;

  /** Below it e^x is not worth a denormal number. */
  static final float LOW = -86.6f;

  static final float HIGH = 89f;
  static final int EXPONENT_BIAS = 126;

  /** {@code C_i} is the polynomial's coefficient of power i; the first two are 1. */
  static final float C_6 = 0.0013933884f;

  static final float C_5 = 0.008363335f;
  static final float C_4 = 0.041666463f;
  static final float C_3 = 0.16666576f;
  static final float C_2 = 0.5f;

  private ScalarExp() {}

  /** e^x; 0 below -86.6, infinity from 88.73 on, NaN for NaN. */
  static float of(float x) {
    float clamped = x > HIGH ? HIGH : x;
    float rounded = Math.fma(clamped, LOG2_E, ROUNDER);
    float n = rounded - ROUNDER;
    float r = Math.fma(n, MINUS_LN2_LOW, Math.fma(n, MINUS_LN2_HIGH, clamped));
    float p = Math.fma(C_6, r, C_5);
    p = Math.fma(p, r, C_4);
    p = Math.fma(p, r, C_3);
    p = Math.fma(p, r, C_2);
    p = Math.fma(p, r, 1);
    p = Math.fma(p, r, 1);
    float half = Float.intBitsToFloat(Float.floatToRawIntBits(rounded) + EXPONENT_BIAS << 23);
    return x < LOW ? 0 : p * half * 2;
  }
}
