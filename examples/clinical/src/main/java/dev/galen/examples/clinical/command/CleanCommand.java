package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.clean.CleanStep;
import dev.galen.examples.clinical.clean.Cleaning;
import dev.galen.examples.clinical.clean.Lexicon;
import dev.galen.examples.clinical.clean.SpellingCorrector;
import dev.galen.examples.clinical.text.ProtectedWords;
import dev.galen.examples.clinical.text.TextFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen clinical clean}. */
@Command(
    name = "clean",
    description = {
      "Clean the text of documents without losing what is clinical in it.",
      "A run that leaves more than 1% of the records empty fails, and names the field."
    },
    mixinStandardHelpOptions = true)
final class CleanCommand implements Callable<Integer> {
  @Mixin private StepOptions step;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "safe (default) mends encodings, entities, tags, spaces and line ends; alphanumeric"
              + " (lower case, letters and digits alone) and stopwords (lower case, no punctuation,"
              + " no stop words) repeat what notebooks do, and turn 140/90 into 14090.")
  private Cleaning mode = Cleaning.SAFE;

  @Option(
      names = "--field",
      paramLabel = "NAME",
      description = "A field of the documents that is cleaned besides the text; may be repeated.")
  private List<String> fields = List.of();

  @Option(
      names = "--spelling",
      paramLabel = "FILE",
      description =
          "Correct words that are one or two letters away from one of this lexicon (a word a line,"
              + " its frequency behind a tab); never numbers, units, drugs, negations and"
              + " abbreviations. What was written stays in spans of the category spelling.")
  private Path lexicon;

  @Option(
      names = "--keep",
      paramLabel = "FILE",
      description = "Words that --spelling leaves as they are, such as a formulary; one a line.")
  private Path kept;

  @Override
  public Integer call() throws IOException {
    if (kept != null && lexicon == null) {
      throw new IllegalArgumentException("--keep is given without --spelling; give both or none");
    }
    if (mode.warning() != null) {
      System.err.println("galen: warning: " + mode.warning());
    }
    SpellingCorrector spelling = null;
    String settings = "clean " + mode.word() + " " + fields;
    if (lexicon != null) {
      ProtectedWords words = ProtectedWords.standard();
      spelling =
          new SpellingCorrector(
              Lexicon.read(lexicon), kept == null ? words : words.and(TextFiles.lines(kept)));
      settings += stamp(lexicon) + (kept == null ? "" : stamp(kept));
    }
    var cleaner = new CleanStep(mode, fields, spelling);
    step.run(cleaner, settings, cleaner);
    return 0;
  }

  private static String stamp(Path file) throws IOException {
    return "\n" + file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
  }
}
