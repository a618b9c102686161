package dev.galen.examples.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, and what its writer may have meant. */
final class Hints {
  /** What to do with a word that stands behind a command and belongs to no option. */
  private static final Map<String, String> LOOSE_WORDS =
      Map.of(
          "generate", "a prompt goes behind --prompt, in quotes",
          "evaluate", "files go behind --data, a text behind --text, a model behind --model",
          "finetune", "files go behind --data, a model behind --model",
          "train", "files go behind --data",
          "score", "texts or files go behind --reference and --hypothesis",
          "tokenize", "the text comes from standard input, the tokenizer goes behind --tokenizer");

  private Hints() {}

  /** One line without a prefix; it ends with where to read more. */
  static String explain(ParameterException fault) {
    CommandSpec command = fault.getCommandLine().getCommandSpec();
    return "%s; see `%s --help`".formatted(problem(fault, command), command.qualifiedName());
  }

  private static String problem(ParameterException fault, CommandSpec command) {
    if (fault instanceof UnmatchedArgumentException words && !words.getUnmatched().isEmpty()) {
      return unmatched(words.getUnmatched().getFirst(), command);
    }
    // What else is wrong is told first: a word too many may be what a required option lacks.
    List<String> unmatched = fault.getCommandLine().getUnmatchedArguments();
    if (!unmatched.isEmpty()) {
      return unmatched(unmatched.getFirst(), command);
    }
    String message = fault.getMessage().lines().collect(Collectors.joining("; "));
    if (message.contains("expected only one match")) {
      return "of %s only one can be given, and only once".formatted(optionsIn(message));
    }
    return message.replaceFirst("^Error: ", "");
  }

  private static String optionsIn(String message) {
    return Pattern.compile("--[a-z-]+")
        .matcher(message)
        .results()
        .map(MatchResult::group)
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  private static String unmatched(String word, CommandSpec command) {
    boolean commands = !command.subcommands().isEmpty();
    if (word.startsWith("-") && word.length() > 1) {
      String name = word.replaceFirst("(?s)=.*", "");
      return "unknown option %s%s"
          .formatted(name, commands ? rootOption(name, command) : option(name, command));
    }
    if (commands) {
      return "there is no command '%s'%s"
          .formatted(word, suggestion(word, command.subcommands().keySet(), Synonyms::ofCommand));
    }
    String use = LOOSE_WORDS.get(command.name());
    return "'%s' belongs to no option%s".formatted(word, use == null ? "" : "; " + use);
  }

  private static String rootOption(String name, CommandSpec root) {
    String hint = option(name, root);
    return hint.isEmpty()
        ? "; the command comes first, as in `galen generate --model DIR --prompt TEXT`"
        : hint;
  }

  private static String option(String name, CommandSpec command) {
    List<String> known =
        command.options().stream()
            .filter(option -> !option.hidden())
            .map(OptionSpec::longestName)
            .toList();
    return suggestion(name, known, word -> Synonyms.ofOption(word, known));
  }

  private static String suggestion(
      String word, Iterable<String> known, Function<String, Optional<String>> synonym) {
    Optional<String> meant = synonym.apply(word);
    if (meant.isPresent()) {
      return "; here it is " + meant.get();
    }
    List<String> near = nearest(word, known);
    return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
  }

  /** The names that a slip of the fingers, or an unfinished word, may have been meant as. */
  private static List<String> nearest(String word, Iterable<String> known) {
    String typed = plain(word);
    var near = new ArrayList<String>();
    for (String name : known) {
      String other = plain(name);
      boolean unfinished = typed.length() >= 3 && other.startsWith(typed);
      if (unfinished || distance(typed, other) <= Math.max(1, other.length() / 3)) {
        near.add(name);
      }
    }
    return near.stream()
        .sorted(Comparator.comparingInt(name -> distance(typed, plain(name))))
        .limit(2)
        .toList();
  }

  /** As Python's tools write it or as we do: without dashes before it, with dashes in it. */
  static String plain(String word) {
    return word.replaceFirst("^-+", "").replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /** Letters to insert, remove, replace or swap with their neighbour. */
  private static int distance(String a, String b) {
    var d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] =
            Stream.of(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
