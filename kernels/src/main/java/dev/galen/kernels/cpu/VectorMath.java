package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of vectors by polynomials of our own, so that a lane's bits depend on nothing but its
 * input: {@code VectorOperators.EXP} calls one routine in compiled code and another in interpreted
 * code. The coefficients are Chebyshev fits printed by {@code src/main/script/fit_polynomials.py}.
 * Relative errors lie below 2^-22 for exp, absolute ones below 2^-22 for tanh, sigmoid and erf.
 */
final class VectorMath {
  /** Adding it leaves an integer in the low bits of a float: 1.5 * 2^23. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final float LOG2_E = 1.442695f;

  /** ln 2 in two parts, the first with zeros at its end, so that n times it is exact. */
  private static final float LN2_HIGH = 0.6933594f;

  private static final float LN2_LOW = -2.1219444e-4f;

  /** Below it e^x is not worth a denormal number. */
  private static final float EXP_LOW = -86.6f;

  private static final float EXP_HIGH = 89f;
  private static final float SQRT_2_OVER_PI = 0.7978846f;
  private static final float GELU_CUBIC = 0.044715f;
  private static final float SQRT_HALF = 0.70710677f;
  private static final float INV_SQRT_2PI = 0.3989423f;

  private VectorMath() {}

  /** e^x; 0 below -86.6, infinity from 88.73 on, NaN for NaN. */
  static FloatVector exp(FloatVector x) {
    var clamped = x.blend(EXP_HIGH, x.compare(VectorOperators.GT, EXP_HIGH));
    var rounded = clamped.fma(all(LOG2_E), all(ROUNDER));
    var n = rounded.sub(ROUNDER);
    var r = n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), clamped));
    var p =
        all(0.0013933884f)
            .fma(r, all(0.008363335f))
            .fma(r, all(0.041666463f))
            .fma(r, all(0.16666576f))
            .fma(r, all(0.5f))
            .fma(r, all(1f))
            .fma(r, all(1f));
    // 2^(n-1), made in the exponent's bits, then doubled: 2^128 itself is no float.
    var half =
        rounded
            .reinterpretAsInts()
            .add(126)
            .lanewise(VectorOperators.LSHL, 23)
            .reinterpretAsFloats();
    return p.mul(half).mul(2f).blend(0f, x.compare(VectorOperators.LT, EXP_LOW));
  }

  /** 1 / (1 + e^-x). */
  static FloatVector sigmoid(FloatVector x) {
    return all(1f).div(exp(x.neg()).add(1f));
  }

  /** tanh x: a polynomial near 0, where 1 - 2/(e^2x + 1) would lose the digits of a small x. */
  static FloatVector tanh(FloatVector x) {
    var z = x.mul(x);
    var near =
        all(-0.006104948f)
            .fma(z, all(0.021003641f))
            .fma(z, all(-0.0538525f))
            .fma(z, all(0.13332783f))
            .fma(z, all(-0.33333328f))
            .mul(z)
            .fma(x, x);
    var far = all(1f).sub(all(2f).div(exp(x.add(x)).add(1f)));
    return far.blend(near, x.abs().compare(VectorOperators.LT, 0.625f));
  }

  /** erf x: odd polynomial below 1, 1 - e^R(|x|) with R = ln erfc above, 1 from 4 on. */
  static FloatVector erf(FloatVector x) {
    var z = x.mul(x);
    var near =
        all(-5.654106e-4f)
            .fma(z, all(0.0049232775f))
            .fma(z, all(-0.026716385f))
            .fma(z, all(0.112803645f))
            .fma(z, all(-0.3761235f))
            .fma(z, all(1.1283791f))
            .mul(x);
    var size = x.abs();
    var a = size.blend(4f, size.compare(VectorOperators.GT, 4f));
    var r =
        all(-1.330939e-5f)
            .fma(a, all(3.1757203e-4f))
            .fma(a, all(-0.0034368676f))
            .fma(a, all(0.022621986f))
            .fma(a, all(-0.10331898f))
            .fma(a, all(-0.63909334f))
            .fma(a, all(-1.1259259f))
            .fma(a, all(-7.569686e-4f));
    var tail = all(1f).sub(exp(r));
    var far = tail.blend(tail.neg(), x.compare(VectorOperators.LT, 0f));
    return far.blend(near, size.compare(VectorOperators.LT, 1f));
  }

  /** x sigmoid(2u), u = sqrt(2/pi) (x + 0.044715 x^3), which is GELU's tanh form with one exp. */
  static FloatVector geluTanh(FloatVector x) {
    return x.div(exp(geluExponent(x)).add(1f));
  }

  /** With s = sigmoid(2u): s + 2 x s (1 - s) u'. */
  static FloatVector geluTanhDerivative(FloatVector x) {
    var s = all(1f).div(exp(geluExponent(x)).add(1f));
    var slope = x.mul(x).fma(all(6 * SQRT_2_OVER_PI * GELU_CUBIC), all(2 * SQRT_2_OVER_PI)).mul(x);
    return s.mul(all(1f).sub(s)).fma(slope, s);
  }

  /** x (1 + erf(x/sqrt(2))) / 2. */
  static FloatVector geluErf(FloatVector x) {
    return x.mul(normalCdf(x));
  }

  /** Phi(x) + x phi(x) of the normal distribution. */
  static FloatVector geluErfDerivative(FloatVector x) {
    return exp(x.mul(x).mul(-0.5f)).mul(INV_SQRT_2PI).fma(x, normalCdf(x));
  }

  private static FloatVector normalCdf(FloatVector x) {
    return erf(x.mul(SQRT_HALF)).fma(all(0.5f), all(0.5f));
  }

  /** -2u. */
  private static FloatVector geluExponent(FloatVector x) {
    return x.mul(x).fma(all(-2 * SQRT_2_OVER_PI * GELU_CUBIC), all(-2 * SQRT_2_OVER_PI)).mul(x);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(F, value);
  }
}
