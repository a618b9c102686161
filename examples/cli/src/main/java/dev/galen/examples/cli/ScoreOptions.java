package dev.galen.examples.cli;

import dev.galen.train.score.RowMetrics;
import dev.galen.train.score.ScoreOption;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of the metrics, of which {@link RowMetrics} has the list, as options of score. */
final class ScoreOptions {
  private ScoreOptions() {}

  /** Gives score the options, and the list of metrics below them. */
  static void addTo(CommandSpec spec) {
    for (ScoreOption option : RowMetrics.options()) {
      var builder =
          OptionSpec.builder("--" + option.name()).description(option.help().replace("%", "%%"));
      spec.addOption(
          option.label() == null
              ? builder.type(boolean.class).arity("0").build()
              : builder.type(String.class).arity("1").paramLabel(option.label()).build());
    }
    spec.usageMessage().footer("", "Metrics: " + String.join(", ", RowMetrics.names()) + ".");
  }

  /** Those that were given, without dashes, with their values. */
  static Map<String, String> given(CommandSpec spec) {
    var given = new TreeMap<String, String>();
    for (ScoreOption option : RowMetrics.options()) {
      OptionSpec matched = spec.commandLine().getParseResult().matchedOption(option.name());
      if (matched != null) {
        given.put(option.name(), String.valueOf((Object) matched.getValue()));
      }
    }
    return given;
  }
}
