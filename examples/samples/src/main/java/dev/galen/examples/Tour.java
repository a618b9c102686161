package dev.galen.examples;

import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Generates with a GPT-2, looks at its hidden states, and freezes all but its last block. */
public final class Tour {
  private Tour() {}

  /** Arguments: a HuggingFace directory with a tokenizer, a prompt. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: ./galen example Tour MODEL_DIR PROMPT");
      System.exit(2);
    }
    var gpt2 = Pretrained.load(Path.of(args[0]), Device.best(), Gpt2CausalLm.class);
    var model = gpt2.model();
    var tokenizer = gpt2.requireTokenizer();

    int[] prompt = tokenizer.encode(args[1]);
    var options = GenerationConfig.builder().sample().topP(0.9).maxNewTokens(64).build();
    int[] ids = new Generator(model).generate(prompt, options);
    System.out.println(tokenizer.decode(ids));

    try (var scope = MemoryScope.open("look");
        var off = Autograd.noGrad()) {
      Tensor ids_BT = Tensors.of(Device.best(), prompt, 1, prompt.length);
      Tensor hidden_BTC = model.transformer().forward(ids_BT, null);
      Tensor logits_BTV = model.logits(ids_BT);
      System.out.println(hidden_BTC.shape() + " " + logits_BTV.shape());
      System.out.println(Arrays.toString(hidden_BTC.mean(1).toFloats()));
    }

    String last = "transformer.h." + (model.config().layers() - 1) + ".";
    model
        .parameters()
        .forEach(
            (name, weight) -> {
              if (!name.startsWith(last)) {
                weight.freeze();
              }
            });
  }
}
