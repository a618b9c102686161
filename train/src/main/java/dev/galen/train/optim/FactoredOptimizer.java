package dev.galen.train.optim;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.InPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What both Adafactors have in common: parameter by parameter, with factored squares. */
abstract class FactoredOptimizer extends BlockOptimizer {
  private final List<FactoredSquares> squares = new ArrayList<>();

  FactoredOptimizer(Map<String, Tensor> parameters, List<String> states) {
    super(parameters, states);
    for (int i = 0; i < names().size(); i++) {
      String name = names().get(i);
      Shape shape = parameters().get(i).shape();
      squares.add(
          new FactoredSquares(
              shape,
              FactoredSquares.isMatrix(shape)
                  ? List.of(
                      keep(name + FactoredSquares.ROWS, FactoredSquares.rows(shape)),
                      keep(name + FactoredSquares.COLUMNS, FactoredSquares.columns(shape)))
                  : List.of(keep(name + FactoredSquares.ALL, shape))));
    }
  }

  /**
   * Updates one parameter.
   *
   * @param one the piece of it alone
   * @param parameter F32, without gradient
   * @param gradient scaled, as the parameter
   * @param memory of its squares
   */
  abstract void update(
      Piece one, Tensor parameter, Tensor gradient, FactoredSquares memory, double learningRate);

  @Override
  protected final void update(
      Backend backend, Piece piece, double learningRate, double gradientScale) {
    for (Piece one : each(piece)) {
      FactoredSquares memory = squares.get(one.first());
      try (var off = Autograd.noGrad();
          var scope = MemoryScope.open("update of " + names().get(one.first()))) {
        Tensor parameter = shaped(one.values(), memory.shape());
        Tensor gradient = shaped(one.gradients(), memory.shape()).mul(gradientScale);
        update(one, parameter, gradient, memory, learningRate);
      }
    }
  }

  /** The scaled gradient, its squares, their estimate with a bound, its root, and the change. */
  @Override
  protected final long bytesOfUpdate(Tensor parameter) {
    return 6 * parameter.shape().size() * Float.BYTES;
  }

  static Tensor shaped(Span span, Shape shape) {
    return new Tensor(span, Layout.contiguous(shape));
  }

  /** parameter = (1 - decay) parameter + factor change. */
  static void move(Tensor parameter, double decay, double factor, Tensor change) {
    var with = new InPlace(parameter.backend());
    Span to = parameter.span();
    if (decay != 0) {
      with.scale(1 - decay, to);
    }
    with.add(factor, change.contiguousSpan(), to);
  }
}
