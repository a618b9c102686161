package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.RunMemory;
import dev.galen.train.run.FineTuning;
import dev.galen.train.run.RunListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code galen plan}. */
@Command(
    name = "plan",
    description = {
      "Tell what a run takes of memory before it starts: the same options as train, whose data and"
          + " model are read; nothing is trained or written.",
      "Bytes of weights, gradients, the optimizer's state, the average of weights and the activations"
          + " of the largest batch, and a setting that fits where these do not."
    })
final class PlanCommand implements Callable<Integer> {
  private static final Path NOWHERE = Path.of("galen-finetune");

  @Mixin private CommonOptions common;
  @Mixin private TrainingOptions options;

  @Override
  public Integer call() throws IOException {
    SpecFiles.takeRecipe(options);
    if (options.out == null && options.spec == null) {
      options.out = NOWHERE; // which is not made
    }
    options.check();
    RunMemory memory =
        new FineTuning(options.spec()).asCommand("--", "").listen(new RunListener() {}).plan();
    tell(memory);
    common.print(json(memory));
    return 0;
  }

  private void tell(RunMemory memory) {
    part("weights", memory.weights(), "");
    part("gradients", memory.gradients(), "");
    part("optimizer", memory.optimizer(), "its state from update to update");
    if (memory.average() > 0) {
      part("average", memory.average(), "of the weights");
    }
    part(
        "activations",
        memory.activations(),
        "%d x %d tokens, %s of it logits"
            .formatted(memory.rows(), memory.cols(), bytes(memory.logits())));
    if (memory.update() > memory.activations()) {
      part("update", memory.update(), "in place of activations");
    }
    part("all", memory.total(), "mostly " + memory.largest());
    String fit = memory.fits() ? "it fits" : "it does not fit; " + memory.remedy();
    part("free", memory.free(), "beside what is held before the first step: " + fit);
  }

  private void part(String name, long bytes, String what) {
    common.say("%s", "%-12s %10s  %s".formatted(name, bytes(bytes), what).stripTrailing());
  }

  private static String bytes(long bytes) {
    return bytes < 1e9
        ? String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%,.2f GB", bytes / 1e9);
  }

  private static ObjectNode json(RunMemory memory) {
    return CommonOptions.object()
        .put("weights", memory.weights())
        .put("gradients", memory.gradients())
        .put("optimizer", memory.optimizer())
        .put("average", memory.average())
        .put("activations", memory.activations())
        .put("logits", memory.logits())
        .put("update", memory.update())
        .put("total", memory.total())
        .put("largest", memory.largest())
        .put("rows", memory.rows())
        .put("cols", memory.cols())
        .put("free", memory.free())
        .put("fits", memory.fits())
        .put("remedy", memory.remedy());
  }
}
