package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autocast.Operand;
import dev.galen.tensor.Gradients;
import dev.galen.tensor.Gradients.Target;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Epilogue;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;

/**
 * Weight and bias of {@code Y = X W + b} as the kernels read them, and the shapes of its products.
 *
 * @param bias null where there is none
 * @param outputFirst the weight lies {@code [out, in]}, not {@code [in, out]}
 * @param tf32 products may be in TF32, the backward pass's too
 */
record Projection(Operand weight, Operand bias, boolean outputFirst, boolean tf32) {
  /** Of what {@link #fits} {@code input}, in its type under {@link Autocast}. */
  static Projection of(String op, Tensor input, Tensor weight, Tensor bias, boolean outputFirst) {
    var projection =
        new Projection(
            Autocast.operand(weight),
            bias == null ? null : Autocast.operand(bias),
            outputFirst,
            Autocast.allowsTf32());
    Checks.sameKind(op, input, projection.weight.value());
    if (bias != null) {
      Checks.sameKind(op, input, projection.bias.value());
    }
    return projection;
  }

  /** Whether they take {@code in} channels. */
  static boolean fits(int in, Tensor weight, Tensor bias, boolean outputFirst) {
    return weight.shape().rank() == 2
        && in == weight.dim(outputFirst ? 1 : 0)
        && (bias == null || bias.shape().equals(Shape.of(weight.dim(outputFirst ? 0 : 1))));
  }

  int in() {
    return weight.value().dim(outputFirst ? 1 : 0);
  }

  int out() {
    return weight.value().dim(outputFirst ? 0 : 1);
  }

  /** {@code X W}, X {@code [..., in]}, whose last dimension but one is time if there are three. */
  MatmulShape forward(Shape x) {
    int rows = x.rows();
    return MatmulShape.single(rows, out(), in(), false, outputFirst)
        .withTf32(tf32)
        .withSequence(x.rank() < 3 ? rows : x.dim(-2));
  }

  /** {@code dX = dY W^T}, dY {@code [rows, out]}. */
  MatmulShape backward(int rows) {
    return MatmulShape.single(rows, in(), out(), false, !outputFirst).withTf32(tf32);
  }

  Span weightSpan() {
    return weight.value().contiguousSpan();
  }

  Span biasSpan() {
    return bias == null ? null : bias.value().contiguousSpan();
  }

  /** What gradients of the weight belong to. */
  Tensor weightSource() {
    return weight.source();
  }

  /** What gradients of the bias belong to, or null. */
  Tensor biasSource() {
    return bias == null ? null : bias.source();
  }

  /** Whether there is a bias that wants a gradient. */
  boolean needsBias(Gradients gradients) {
    return bias != null && gradients.needs(bias.source());
  }

  /** {@code dX = dY W^T}, into or onto {@code x}'s gradient if it needs one. */
  void addInputGradient(Operand x, Tensor dY, Gradients gradients) {
    if (gradients.needs(x.source())) {
      Target dX = gradients.target(x.source());
      dY.backend()
          .matmul()
          .matmul(
              backward(dY.shape().rows()),
              dY.contiguousSpan(),
              weightSpan(),
              null,
              dX.tensor().contiguousSpan(),
              dX.accumulate());
    }
  }

  /** {@code dW += X^T dY}, {@code db += sum_rows dY}, as far as they are needed. */
  void addGradients(Tensor x, Tensor dY, Gradients gradients) {
    int rows = dY.shape().rows();
    boolean needsWeight = gradients.needs(weight.source());
    if (needsWeight && needsBias(gradients)) {
      Target dW = gradients.target(weight.source());
      Target dBias = gradients.target(bias.source());
      dY.backend()
          .matmul()
          .matmul(
              weightGradient(rows),
              (outputFirst ? dY : x).contiguousSpan(),
              (outputFirst ? x : dY).contiguousSpan(),
              dW.tensor().contiguousSpan(),
              dW.accumulate(),
              new Epilogue.BiasGradient(
                  outputFirst, dBias.tensor().contiguousSpan(), dBias.accumulate()));
    } else if (needsWeight) {
      addWeightGradient(x, dY, gradients);
    } else if (needsBias(gradients)) {
      Target dBias = gradients.target(bias.source());
      dY.backend()
          .reduce()
          .columnSum(
              dY.contiguousSpan(),
              dBias.tensor().contiguousSpan(),
              rows,
              out(),
              dBias.accumulate());
    }
  }

  /** {@code dW += X^T dY} alone, if it is needed. */
  void addWeightGradient(Tensor x, Tensor dY, Gradients gradients) {
    if (gradients.needs(weight.source())) {
      Target dW = gradients.target(weight.source());
      dY.backend()
          .matmul()
          .matmul(
              weightGradient(dY.shape().rows()),
              (outputFirst ? dY : x).contiguousSpan(),
              (outputFirst ? x : dY).contiguousSpan(),
              null,
              dW.tensor().contiguousSpan(),
              dW.accumulate());
    }
  }

  private MatmulShape weightGradient(int rows) {
    return MatmulShape.single(
            outputFirst ? out() : in(), outputFirst ? in() : out(), rows, true, false)
        .withTf32(tf32);
  }
}
