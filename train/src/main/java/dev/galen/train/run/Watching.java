package dev.galen.train.run;

import java.util.List;

/**
 * What a run shows of itself beside {@code log.jsonl}. None of it changes what is trained.
 *
 * @param csv whether {@code log.csv} has a row for each update and each evaluation
 * @param tensorBoard whether the folder {@code tensorboard} has TensorBoard's event files
 * @param histogramsEvery updates between histograms of weights and gradients in these, 0 for none
 * @param samplePrompts what the model goes on with at each evaluation: the likeliest 48 tokens
 * @param peakTflops the peak of the machine in the run's precision, in 10^12 floating-point
 *     operations per second, from which {@link dev.galen.train.Utilisation} follows; 0 where it is
 *     not known
 */
public record Watching(
    boolean csv,
    boolean tensorBoard,
    long histogramsEvery,
    List<String> samplePrompts,
    double peakTflops) {
  /** The log alone. */
  public static final Watching NONE = new Watching(false, false, 0, List.of(), 0);

  /** Checks the numbers. */
  public Watching {
    samplePrompts = List.copyOf(samplePrompts);
    require(histogramsEvery >= 0, "histograms-every", histogramsEvery, "at least 0");
    require(
        histogramsEvery == 0 || tensorBoard,
        "histograms-every",
        histogramsEvery,
        "0 without tensorboard, which shows them");
    require(
        peakTflops >= 0 && peakTflops < Double.POSITIVE_INFINITY,
        "peak-tflops",
        peakTflops,
        "a number from 0 on");
    for (String prompt : samplePrompts) {
      require(!prompt.isEmpty(), "a sample-prompt", "empty", "a text");
    }
  }

  private static void require(boolean holds, String name, Object value, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is " + value + ", must be " + wanted);
    }
  }
}
