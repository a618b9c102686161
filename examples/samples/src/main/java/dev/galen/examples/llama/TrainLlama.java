package dev.galen.examples.llama;

import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.tensor.Device;
import dev.galen.tensor.ParameterBlock;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.optim.AdamW;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Teaches a LLaMA one text, given as token ids, and lets it go on from the first of them. */
public final class TrainLlama {
  private TrainLlama() {}

  /** Arguments: a HuggingFace directory, then two or more ids. */
  public static void main(String[] args) throws IOException {
    if (args.length < 3) {
      System.err.println("usage: TrainLlama DIRECTORY ID ID...");
      System.exit(2);
    }
    var device = Device.best();
    var llama = Llama.load(Path.of(args[0]), device);
    int[] ids = Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray();
    // Outside of every scope: they live as long as the program.
    Tensor ids_BT = Tensors.of(device, ids, 1, ids.length);
    for (double loss : adamW(llama, ids_BT, ids_BT, ids.length - 1, 20)) {
      System.out.println("loss " + loss);
    }
    int[] prompt = {ids[0]};
    var options = GenerationConfig.greedy(ids.length - 1);
    System.out.println(Arrays.toString(new Generator(llama).generate(prompt, options)));
  }

  /**
   * Updates by AdamW on one batch, gradients clipped to norm 1.
   *
   * @param ids_BT I32 {@code [B, T]}
   * @param labels_BT I32 {@code [B, T]}, -100 where nothing is learned
   * @param count the labels that count, without the first of each sequence
   * @return the loss before each update
   */
  static double[] adamW(Llama llama, Tensor ids_BT, Tensor labels_BT, int count, int updates) {
    var losses = new double[updates];
    var optimizer = new AdamW(llama.parameters().values(), AdamW.Settings.decay(0.01));
    for (int i = 0; i < updates; i++) {
      optimizer.zeroGrad();
      try (var scope = MemoryScope.open("step")) {
        Tensor loss = llama.loss(ids_BT, labels_BT, count);
        loss.backward();
        losses[i] = loss.item();
      } // the activations are freed here
      double clip = Math.min(1, 1 / (optimizer.gradientNorm() + 1e-6));
      optimizer.step(1e-3, clip);
    }
    return losses;
  }

  /** The same by an optimizer of one line: gradient descent at rate 0.01. */
  static double[] gradientDescent(
      Llama llama, Tensor ids_BT, Tensor labels_BT, int count, int updates) {
    var losses = new double[updates];
    // Moves the weights from the mapped file into memory that can be written.
    var block = ParameterBlock.of(List.copyOf(llama.parameters().values()));
    Tensor weights = block.values();
    for (int i = 0; i < updates; i++) {
      block.zeroGrad();
      try (var scope = MemoryScope.open("step")) {
        Tensor loss = llama.loss(ids_BT, labels_BT, count);
        loss.backward();
        losses[i] = loss.item();
      }
      weights.backend().pointwise().axpy(-0.01, block.gradients().span(), weights.span());
    }
    return losses;
  }
}
