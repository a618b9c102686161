package dev.galen.kernels;

import static dev.galen.kernels.KernelParity.normal;
import static dev.galen.kernels.KernelParity.normalOver;

import dev.galen.tensor.backend.Epilogue;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import java.util.ArrayList;
import java.util.List;

/** Calls of the products that do more than multiply, in every orientation and with each option. */
public final class LayerCases {
  private static final Unary[] FUNCTIONS = {Unary.GELU_TANH, Unary.TANH};

  private LayerCases() {}

  /**
   * A call and its operands, {@code float[]} or null.
   *
   * @param sums the index of the operand that may be F32 where all others are not; -1 where none
   * @param reduction the longest sum
   */
  public record Case(
      String what, long reduction, int sums, KernelParity.Call call, float[]... operands) {
    @Override
    public String toString() {
      return what;
    }
  }

  /** Products of {@code [m, k]} and {@code [k, n]}. */
  public static List<Case> of(int m, int n, int k) {
    var cases = new ArrayList<Case>();
    for (int transposes = 0; transposes < 4; transposes++) {
      var shape = MatmulShape.single(m, n, k, (transposes & 1) != 0, (transposes & 2) != 0);
      for (Unary f : FUNCTIONS) {
        cases.add(activation(shape, f, true, true));
        cases.add(activation(shape, f, true, false));
        cases.add(activation(shape, f, false, transposes == 0));
        cases.add(activationBackward(shape, f, false));
        cases.add(activationBackward(shape, f, true));
      }
    }
    for (int flags = 0; flags < 8; flags++) {
      cases.add(biasGradient(m, n, k, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0));
    }
    return cases;
  }

  private static Case activation(MatmulShape s, Unary f, boolean hasBias, boolean keepsZ) {
    return new Case(
        "activation %s of %s%s%s"
            .formatted(f, s, hasBias ? "" : " without bias", keepsZ ? "" : " without z"),
        s.k(),
        -1,
        (backend, x) ->
            backend
                .matmul()
                .matmul(s, x[0], x[1], x[4], false, new Epilogue.Activation(x[2], f, x[3])),
        normalOver(s.k(), s.m() * s.k(), 1),
        normal(s.k() * s.n(), 2),
        hasBias ? normal(s.n(), 3) : null,
        keepsZ ? normal(s.m() * s.n(), 4) : null,
        normal(s.m() * s.n(), 5));
  }

  private static Case activationBackward(MatmulShape s, Unary f, boolean accumulate) {
    float[] z = normal(s.m() * s.n(), 3);
    return new Case(
        "backward %s of %s%s".formatted(f, s, accumulate ? " accumulating" : ""),
        (long) s.m() * Math.max(1, s.k()),
        5,
        (backend, x) -> {
          // What the forward pass left, in this type.
          backend.pointwise().unary(f, x[2], x[3]);
          Span dBias = x[5];
          backend
              .matmul()
              .matmul(
                  s,
                  x[0],
                  x[1],
                  x[4],
                  false,
                  new Epilogue.ActivationBackward(f, x[2], x[3], dBias, accumulate));
          // Without sums there is nothing else but dZ.
          backend
              .matmul()
              .matmul(
                  s,
                  x[0],
                  x[1],
                  x[6],
                  false,
                  new Epilogue.ActivationBackward(f, x[2], x[3], null, false));
        },
        normalOver(s.k(), s.m() * s.k(), 1),
        normal(s.k() * s.n(), 2),
        z,
        new float[z.length],
        normal(z.length, 4),
        normal(s.n(), 5),
        normal(z.length, 6));
  }

  private static Case biasGradient(
      int m, int n, int k, boolean sumsA, boolean accumulate, boolean accumulateBias) {
    var shape = MatmulShape.single(m, n, k, true, false);
    return new Case(
        "bias gradient of %s, sums of %s%s%s"
            .formatted(
                shape,
                sumsA ? "A" : "B",
                accumulate ? ", accumulating" : "",
                accumulateBias ? ", accumulating sums" : ""),
        k,
        3,
        (backend, x) ->
            backend
                .matmul()
                .matmul(
                    shape,
                    x[0],
                    x[1],
                    x[2],
                    accumulate,
                    new Epilogue.BiasGradient(sumsA, x[3], accumulateBias)),
        normalOver(k, m * k, 1),
        normal(k * n, 2),
        normal(m * n, 3),
        normal(sumsA ? m : n, 4));
  }
}
