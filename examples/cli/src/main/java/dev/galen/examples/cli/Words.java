package dev.galen.examples.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Looks over a command's words before picocli does, which knows two ways with a word that begins
 * with a dash and is no option: to take it for the value of the option before it, so that {@code
 * --data} swallows what is misspelled; or never to take such a value, not even behind an equals
 * sign, so that no prompt can begin with a dash.
 */
final class Words {
  /** Options whose value is a text, which may begin with anything. */
  private static final Set<String> TEXTS =
      Set.of("--prompt", "--text", "--reference", "--hypothesis", "--stop");

  private Words() {}

  /**
   * The words, with each text that begins with a dash tied to its option by an equals sign, unless
   * it is the name of another option: then the text was forgotten.
   *
   * @throws UnmatchedArgumentException if a word looks like an option, or stands in the place of a
   *     command, and is none
   */
  static String[] checked(CommandLine galen, String... words) {
    CommandLine command = galen;
    var checked = new ArrayList<String>();
    for (String word : words) {
      CommandLine inner = command.getSubcommands().get(word);
      CommandSpec spec = command.getCommandSpec();
      String last = checked.isEmpty() ? "" : checked.getLast();
      if (inner != null) {
        command = inner;
        checked.add(word);
      } else if (!command.getSubcommands().isEmpty()
          && !looksLikeOption(word)
          && !takesValue(spec.findOption(last))) {
        throw new UnmatchedArgumentException(command, List.of(word));
      } else if (!looksLikeOption(word) || spec.findOption(nameOf(word)) != null) {
        checked.add(word);
      } else if (TEXTS.contains(last) && spec.findOption(last) != null) {
        checked.set(checked.size() - 1, last + "=" + word);
      } else {
        throw new UnmatchedArgumentException(command, List.of(word));
      }
    }
    return checked.toArray(String[]::new);
  }

  private static boolean takesValue(OptionSpec option) {
    return option != null && option.arity().max() > 0;
  }

  private static boolean looksLikeOption(String word) {
    return word.length() > 1 && word.startsWith("-") && !isNumber(word);
  }

  private static boolean isNumber(String word) {
    try {
      Double.parseDouble(word);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static String nameOf(String word) {
    int equals = word.indexOf('=');
    return equals < 0 ? word : word.substring(0, equals);
  }
}
