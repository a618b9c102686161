package dev.galen.examples;

import dev.galen.train.run.DataSource;
import dev.galen.train.run.FineTuning;
import dev.galen.train.run.FineTuningResult;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.ModelSource;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Fine-tunes a language model as {@code galen finetune} does: a tenth of the data is held out, and
 * the output has model, tokenizer, log, loss curve, report and the run's settings.
 */
public final class WholeRun {
  private WholeRun() {}

  /** Arguments: a HuggingFace directory, a data file, a directory for the result. */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("usage: ./galen example WholeRun MODEL_DIR DATA_FILE RESULT_DIR");
      System.exit(2);
    }
    var model = ModelSource.of(args[0]);
    var data = DataSource.of(Path.of(args[1]));
    var training = FineTuningSpec.defaults(model).epochs(1).output(Path.of(args[2])).build();

    FineTuningResult result = new FineTuning(FineTuningSpec.of(model, data, training)).run();
    System.out.println("before: " + result.before().orElseThrow().perplexity());
    System.out.println("after:  " + result.after().orElseThrow().perplexity());
    result.task().ifPresent(measured -> measured.lines().forEach(System.out::println));
  }
}
