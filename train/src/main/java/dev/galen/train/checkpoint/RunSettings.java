package dev.galen.train.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the bits of a run follow from besides its weights: kept in each checkpoint, and compared
 * when a run goes on from one.
 *
 * @param values by name; empty for a checkpoint from before they were kept
 */
public record RunSettings(SequencedMap<String, String> values) {
  /** Epochs of a run that counts them. */
  public static final String EPOCHS = "epochs";

  /** Updates of a run that counts these. */
  public static final String STEPS = "steps";

  /** All updates of the run, however it counts. */
  public static final String UPDATES = "updates";

  /** Micro-batches per update; with the same sequences per update they change only rounding. */
  public static final String ACCUMULATE = "accumulate";

  /** The optimizer's name. */
  public static final String OPTIMIZER = "optimizer";

  /** The one there was before checkpoints kept its name. */
  private static final String FIRST_OPTIMIZER = "AdamW";

  /** Schedules that do not know how long a run is. */
  private static final Set<String> ENDLESS =
      Set.of("constant", "inverse_sqrt", "reduce_lr_on_plateau", "greedy");

  /**
   * One setting that differs.
   *
   * @param setting what may be named to be changed; null where nothing can be
   * @param told both values, for a message
   */
  private record Difference(Setting setting, String told) {}

  /**
   * Refuses to go on under {@code now} where this differs in something that is not among {@code
   * changed}.
   *
   * @param step updates made; a run that has made all of its own may get more of any kind
   * @return lines to tell: what differs and was let pass
   * @throws SettingsChangedException naming each difference with both values
   */
  List<String> requireSame(
      RunSettings now, Collection<Setting> changed, long step, String checkpoint)
      throws SettingsChangedException {
    if (values.isEmpty()) {
      return List.of(
          checkpoint
              + ": is from before checkpoints kept their settings, so data and settings cannot be"
              + " compared");
    }
    var told = new ArrayList<String>();
    var refused = new ArrayList<Difference>();
    for (Difference difference : differences(now)) {
      boolean more = difference.setting() == Setting.DURATION && isFinished(step);
      if (more || difference.setting() != null && changed.contains(difference.setting())) {
        told.add(checkpoint + ": " + difference.told());
      } else {
        refused.add(difference);
      }
    }
    if (!refused.isEmpty()) {
      throw new SettingsChangedException(
          message(checkpoint, refused),
          refused.stream().map(Difference::setting).filter(s -> s != null).toList());
    }
    String micro = values.get(ACCUMULATE);
    if (told.isEmpty() && micro != null && !micro.equals(now.values.get(ACCUMULATE))) {
      told.add(
          "%s: accumulated %s batches per update, this run %s of another size; updates are the same"
                  .formatted(checkpoint, micro, now.values.get(ACCUMULATE))
              + " but for rounding and dropout");
    }
    return told;
  }

  private static String message(String checkpoint, List<Difference> refused) {
    String all = refused.stream().map(Difference::told).collect(Collectors.joining("; "));
    String names =
        refused.stream()
            .map(Difference::setting)
            .filter(setting -> setting != null)
            .distinct()
            .map(Setting::word)
            .collect(Collectors.joining(","));
    boolean changeable = refused.stream().allMatch(difference -> difference.setting() != null);
    String wayOut =
        changeable
            ? "resume with the same, or name what is to change: " + names
            : "resume with the same, or begin a new run";
    return checkpoint + ": " + all + "; " + wayOut;
  }

  private List<Difference> differences(RunSettings now) {
    var differences = new ArrayList<Difference>();
    for (Map.Entry<String, String> entry : now.values.entrySet()) {
      String name = entry.getKey();
      String earlier = values.getOrDefault(name, name.equals(OPTIMIZER) ? FIRST_OPTIMIZER : null);
      if (name.equals(EPOCHS) || name.equals(STEPS)) {
        if (!sameDuration(now)) {
          differences.add(new Difference(Setting.DURATION, durations(now)));
        }
      } else if (earlier != null && !isSame(name, earlier, entry.getValue())) {
        differences.add(new Difference(setting(name), told(name, earlier, entry.getValue())));
      }
    }
    return differences;
  }

  private static boolean isSame(String name, String earlier, String now) {
    return name.equals(ACCUMULATE) || name.equals(UPDATES) || earlier.equals(now);
  }

  /** A rate that knows how long a run is would jump. */
  private boolean sameDuration(RunSettings now) {
    return isEndless(now)
        || duration().equals(now.duration())
        || String.valueOf(values.get(UPDATES)).equals(now.values.get(UPDATES));
  }

  private static boolean isEndless(RunSettings now) {
    String schedule = now.values.getOrDefault(Setting.SCHEDULE.word(), "");
    String warmup = now.values.getOrDefault(Setting.WARMUP.word(), "");
    return ENDLESS.contains(schedule.split(",", 2)[0]) && !warmup.contains(" of ");
  }

  private boolean isFinished(long step) {
    return String.valueOf(step).equals(values.get(UPDATES));
  }

  private String duration() {
    String epochs = values.get(EPOCHS);
    return epochs != null ? epochs + " epochs" : values.get(STEPS) + " steps";
  }

  private String durations(RunSettings now) {
    return "was made for %s, this run has %s, so that the %s learning rate jumps"
        .formatted(duration(), now.duration(), now.values.get(Setting.SCHEDULE.word()));
  }

  private static String told(String name, String earlier, String now) {
    return name.equals(Setting.PRECISION.word())
        ? "was made in %s, this run computes in %s".formatted(earlier, now)
        : "was made with %s %s, this run has %s".formatted(name, earlier, now);
  }

  private static Setting setting(String name) {
    if (name.contains("drop")) {
      return Setting.DROPOUT; // HuggingFace's names of dropout probabilities
    }
    for (Setting setting : Setting.values()) {
      if (setting.word().equals(name)) {
        return setting;
      }
    }
    return null;
  }
}
