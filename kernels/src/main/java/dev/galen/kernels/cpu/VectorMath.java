package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of vectors by polynomials of our own, so that a lane's bits depend on nothing but its
 * input: {@code VectorOperators.EXP} calls one routine in compiled code and another in interpreted
 * code. The coefficients are fits printed by {@code src/main/script/fit_polynomials.py}. They are
 * vectors: to spread each over the lanes at its use makes loops too large for the compiler, which
 * then calls what it should have inlined and allocates every vector that it passes. Relative errors
 * lie below 2^-22 for exp, absolute ones below 2^-22 for tanh, sigmoid and Phi.
 */
final class VectorMath {
  private static final FloatVector ONE = all(1f);
  private static final FloatVector TWO = all(2f);

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

  private static final FloatVector TAIL_6 = all(-0.11345157f);
  private static final FloatVector TAIL_5 = all(0.44081256f);
  private static final FloatVector TAIL_4 = all(-0.31385776f);
  private static final FloatVector TAIL_3 = all(0.32215044f);
  private static final FloatVector TAIL_2 = all(0.046721958f);
  private static final FloatVector TAIL_1 = all(0.117624365f);
  private static final FloatVector TAIL_PLACE = all(0.276f);

  /** With sqrt(2/pi) = 0.7978846: -2u/x = MINUS_TWICE_GELU + GELU_CUBIC x^2, and 2u' alike. */
  private static final FloatVector MINUS_TWICE_GELU = all(-2 * 0.7978846f);

  private static final FloatVector GELU_CUBIC = all(-2 * 0.7978846f * 0.044715f);
  private static final FloatVector TWICE_GELU = all(2 * 0.7978846f);
  private static final FloatVector GELU_SLOPE = all(6 * 0.7978846f * 0.044715f);

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
    return x.mul(normalCdf(x, bell(x)));
  }

  /** Phi(x) + x phi(x) of the normal distribution. */
  static FloatVector geluErfDerivative(FloatVector x) {
    var bell = bell(x);
    return bell.mul(INV_SQRT_2PI).fma(x, normalCdf(x, bell));
  }

  /** e^(-x^2/2). */
  private static FloatVector bell(FloatVector x) {
    return exp(x.mul(x).mul(MINUS_HALF));
  }

  /**
   * Phi(x), where 1 - Phi(|x|) is {@code bell} times a polynomial of {@code 1 / (1 + 0.276 |x|)}:
   * the form of Abramowitz and Stegun, 7.1.26, with coefficients fitted to 4e-9. One exponential
   * serves value and derivative, and a loop over either stays small enough to be compiled well.
   */
  private static FloatVector normalCdf(FloatVector x, FloatVector bell) {
    var t = ONE.div(x.abs().fma(TAIL_PLACE, ONE));
    var tail =
        TAIL_6.fma(t, TAIL_5).fma(t, TAIL_4).fma(t, TAIL_3).fma(t, TAIL_2).fma(t, TAIL_1).mul(t);
    var beyond = tail.mul(bell);
    return ONE.sub(beyond).blend(beyond, x.compare(VectorOperators.LT, 0f));
  }

  /** -2u. */
  private static FloatVector geluExponent(FloatVector x) {
    return x.mul(x).fma(GELU_CUBIC, MINUS_TWICE_GELU).mul(x);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(F, value);
  }
}
