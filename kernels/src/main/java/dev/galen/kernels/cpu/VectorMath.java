package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of vectors by polynomials of our own, so that a lane's bits depend on nothing but its
 * input: {@code VectorOperators.EXP} calls one routine in compiled code and another in interpreted
 * code. The coefficients are Chebyshev fits printed by {@code src/main/script/fit_polynomials.py}.
 * They are vectors: to spread each over the lanes at its use makes loops too large for the
 * compiler, which then calls what it should have inlined and allocates every vector that it passes.
 * Relative errors lie below 2^-22 for exp, absolute ones below 2^-22 for tanh, sigmoid and erf.
 */
final class VectorMath {
  private static final FloatVector ONE = all(1f);
  private static final FloatVector TWO = all(2f);
  private static final FloatVector HALF = all(0.5f);

  private static final FloatVector ROUNDER = all(ScalarExp.ROUNDER);
  private static final FloatVector LOG2_E = all(ScalarExp.LOG2_E);
  private static final FloatVector MINUS_LN2_HIGH = all(ScalarExp.MINUS_LN2_HIGH);
  private static final FloatVector MINUS_LN2_LOW = all(ScalarExp.MINUS_LN2_LOW);
  private static final FloatVector EXP_LOW = all(ScalarExp.LOW);
  private static final FloatVector EXP_HIGH = all(ScalarExp.HIGH);
  private static final IntVector EXPONENT_BIAS =
      IntVector.broadcast(EXP_LOW.reinterpretAsInts().species(), ScalarExp.EXPONENT_BIAS);

  /** {@code NAME_i} is the coefficient of power i of a polynomial. */
  private static final FloatVector EXP_6 = all(ScalarExp.C_6);

  private static final FloatVector EXP_5 = all(ScalarExp.C_5);
  private static final FloatVector EXP_4 = all(ScalarExp.C_4);
  private static final FloatVector EXP_3 = all(ScalarExp.C_3);
  private static final FloatVector EXP_2 = all(ScalarExp.C_2);

  private static final FloatVector TANH_4 = all(-0.006104948f);
  private static final FloatVector TANH_3 = all(0.021003641f);
  private static final FloatVector TANH_2 = all(-0.0538525f);
  private static final FloatVector TANH_1 = all(0.13332783f);
  private static final FloatVector TANH_0 = all(-0.33333328f);

  private static final FloatVector ERF_5 = all(-5.654106e-4f);
  private static final FloatVector ERF_4 = all(0.0049232775f);
  private static final FloatVector ERF_3 = all(-0.026716385f);
  private static final FloatVector ERF_2 = all(0.112803645f);
  private static final FloatVector ERF_1 = all(-0.3761235f);
  private static final FloatVector ERF_0 = all(1.1283791f);

  private static final FloatVector LN_ERFC_7 = all(-1.330939e-5f);
  private static final FloatVector LN_ERFC_6 = all(3.1757203e-4f);
  private static final FloatVector LN_ERFC_5 = all(-0.0034368676f);
  private static final FloatVector LN_ERFC_4 = all(0.022621986f);
  private static final FloatVector LN_ERFC_3 = all(-0.10331898f);
  private static final FloatVector LN_ERFC_2 = all(-0.63909334f);
  private static final FloatVector LN_ERFC_1 = all(-1.1259259f);
  private static final FloatVector LN_ERFC_0 = all(-7.569686e-4f);

  /** With sqrt(2/pi) = 0.7978846: -2u/x = MINUS_TWICE_GELU + GELU_CUBIC x^2, and 2u' alike. */
  private static final FloatVector MINUS_TWICE_GELU = all(-2 * 0.7978846f);

  private static final FloatVector GELU_CUBIC = all(-2 * 0.7978846f * 0.044715f);
  private static final FloatVector TWICE_GELU = all(2 * 0.7978846f);
  private static final FloatVector GELU_SLOPE = all(6 * 0.7978846f * 0.044715f);

  private static final FloatVector SQRT_HALF = all(0.70710677f);
  private static final FloatVector MINUS_HALF = all(-0.5f);
  private static final FloatVector INV_SQRT_2PI = all(0.3989423f);

  private VectorMath() {}

  /** e^x; 0 below -86.6, infinity from 88.73 on, NaN for NaN. See {@link ScalarExp}. */
  static FloatVector exp(FloatVector x) {
    var clamped = x.blend(EXP_HIGH, x.compare(VectorOperators.GT, EXP_HIGH));
    var rounded = clamped.fma(LOG2_E, ROUNDER);
    var n = rounded.sub(ROUNDER);
    var r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, clamped));
    var p = EXP_6.fma(r, EXP_5).fma(r, EXP_4).fma(r, EXP_3).fma(r, EXP_2).fma(r, ONE).fma(r, ONE);
    // 2^(n-1), made in the exponent's bits, then doubled: 2^128 itself is no float.
    var half =
        rounded
            .reinterpretAsInts()
            .add(EXPONENT_BIAS)
            .lanewise(VectorOperators.LSHL, 23)
            .reinterpretAsFloats();
    return p.mul(half).mul(TWO).blend(0f, x.compare(VectorOperators.LT, EXP_LOW));
  }

  /** 1 / (1 + e^-x). */
  static FloatVector sigmoid(FloatVector x) {
    return ONE.div(exp(x.neg()).add(ONE));
  }

  /** tanh x: a polynomial near 0, where 1 - 2/(e^2x + 1) would lose the digits of a small x. */
  static FloatVector tanh(FloatVector x) {
    var z = x.mul(x);
    var near = TANH_4.fma(z, TANH_3).fma(z, TANH_2).fma(z, TANH_1).fma(z, TANH_0).mul(z).fma(x, x);
    var far = ONE.sub(TWO.div(exp(x.add(x)).add(ONE)));
    return far.blend(near, x.abs().compare(VectorOperators.LT, 0.625f));
  }

  /** erf x: odd polynomial below 1, 1 - e^R(|x|) with R = ln erfc above, 1 from 4 on. */
  static FloatVector erf(FloatVector x) {
    var z = x.mul(x);
    var near = ERF_5.fma(z, ERF_4).fma(z, ERF_3).fma(z, ERF_2).fma(z, ERF_1).fma(z, ERF_0).mul(x);
    var size = x.abs();
    var a = size.blend(4f, size.compare(VectorOperators.GT, 4f));
    var r =
        LN_ERFC_7
            .fma(a, LN_ERFC_6)
            .fma(a, LN_ERFC_5)
            .fma(a, LN_ERFC_4)
            .fma(a, LN_ERFC_3)
            .fma(a, LN_ERFC_2)
            .fma(a, LN_ERFC_1)
            .fma(a, LN_ERFC_0);
    var tail = ONE.sub(exp(r));
    var far = tail.blend(tail.neg(), x.compare(VectorOperators.LT, 0f));
    return far.blend(near, size.compare(VectorOperators.LT, 1f));
  }

  /** x sigmoid(2u), u = sqrt(2/pi) (x + 0.044715 x^3), which is GELU's tanh form with one exp. */
  static FloatVector geluTanh(FloatVector x) {
    return x.div(exp(geluExponent(x)).add(ONE));
  }

  /** With s = sigmoid(2u): s + 2 x s (1 - s) u'. */
  static FloatVector geluTanhDerivative(FloatVector x) {
    var s = ONE.div(exp(geluExponent(x)).add(ONE));
    var slope = x.mul(x).fma(GELU_SLOPE, TWICE_GELU).mul(x);
    return s.mul(ONE.sub(s)).fma(slope, s);
  }

  /** sigmoid(2u): what GELU's tanh form multiplies x by. */
  static FloatVector geluSigmoid(FloatVector x) {
    return ONE.div(exp(geluExponent(x)).add(ONE));
  }

  /** The derivative of GELU's tanh form, where s is its {@link #geluSigmoid}. */
  static FloatVector geluSlope(FloatVector x, FloatVector s) {
    var slope = x.mul(x).fma(GELU_SLOPE, TWICE_GELU).mul(x);
    return s.mul(ONE.sub(s)).fma(slope, s);
  }

  /** The derivative of {@code x s}, where s is the {@link #sigmoid} of x. */
  static FloatVector siluSlope(FloatVector x, FloatVector s) {
    return s.mul(x.fma(ONE.sub(s), ONE));
  }

  /** x (1 + erf(x/sqrt(2))) / 2. */
  static FloatVector geluErf(FloatVector x) {
    return x.mul(normalCdf(x));
  }

  /** Phi(x) + x phi(x) of the normal distribution. */
  static FloatVector geluErfDerivative(FloatVector x) {
    return exp(x.mul(x).mul(MINUS_HALF)).mul(INV_SQRT_2PI).fma(x, normalCdf(x));
  }

  private static FloatVector normalCdf(FloatVector x) {
    return erf(x.mul(SQRT_HALF)).fma(HALF, HALF);
  }

  /** -2u. */
  private static FloatVector geluExponent(FloatVector x) {
    return x.mul(x).fma(GELU_CUBIC, MINUS_TWICE_GELU).mul(x);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(F, value);
  }
}
