package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.augment.AugmentStep;
import dev.galen.examples.clinical.augment.Augmenter;
import dev.galen.examples.clinical.augment.BackTranslator;
import dev.galen.examples.clinical.augment.NoiseAugmenter;
import dev.galen.examples.clinical.augment.Paraphrases;
import dev.galen.examples.clinical.augment.SelectedSource;
import dev.galen.examples.clinical.augment.SynonymAugmenter;
import dev.galen.examples.clinical.augment.SynonymDictionary;
import dev.galen.examples.clinical.augment.WordNet;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import dev.galen.examples.clinical.pipeline.JsonLinesSource;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.examples.clinical.text.ProtectedWords;
import dev.galen.examples.clinical.text.TextFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code galen clinical augment}. */
@Command(
    name = "augment",
    description = {
      "Make more training documents: by synonyms, noise, paraphrases or back-translation.",
      "Documents that are marked validation or test are refused. Labels stay, spans move along.",
      "--share and --balance alone choose documents for learning curves and equal classes."
    },
    mixinStandardHelpOptions = true)
final class AugmentCommand implements Callable<Integer> {
  /** Ways to make another document of a document. */
  enum Method {
    NONE,
    SYNONYMS,
    NOISE,
    PARAPHRASE,
    BACK_TRANSLATION
  }

  @Option(
      names = "--in",
      paramLabel = "FILE",
      required = true,
      arity = "1..*",
      description = "Training documents, as JSON lines.")
  private List<Path> files;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the documents go, originals and copies (default: standard output).")
  private Path out;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description =
          "none (default), synonyms, noise, paraphrase (--paraphrases) or back_translation (--forward"
              + " and --back).")
  private Method method = Method.NONE;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description =
          "The share of the words that are changed, in (0, 1] (default: ${DEFAULT-VALUE}).")
  private double rate = 0.1;

  @Option(
      names = "--copies",
      paramLabel = "N",
      description = "Copies of each document (default: ${DEFAULT-VALUE}).")
  private int copies = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides what is chosen (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--dictionary",
      paramLabel = "FILE",
      description = "More synonyms: phrases that mean the same on a line, parted by tabs.")
  private Path dictionary;

  @Option(
      names = "--keep",
      paramLabel = "FILE",
      description = "Words that are not changed, such as a formulary; one a line.")
  private Path kept;

  @Option(names = "--no-wordnet", description = "Take synonyms of dictionaries alone.")
  private boolean withoutWordNet;

  @Option(
      names = "--noise",
      paramLabel = "KIND",
      split = ",",
      description =
          "Errors of --method noise: keyboard, swap, drop, case (default: the first three).")
  private Set<NoiseAugmenter.Kind> kinds =
      EnumSet.of(NoiseAugmenter.Kind.KEYBOARD, NoiseAugmenter.Kind.SWAP, NoiseAugmenter.Kind.DROP);

  @Option(
      names = "--paraphrases",
      paramLabel = "FILE",
      arity = "1..*",
      description = "Documents with other texts for those of --in, as JSON lines.")
  private List<Path> paraphrases = List.of();

  @Option(
      names = "--key",
      paramLabel = "NAME",
      description = "What they have in common with a document: a field, text or id (default: id).")
  private String key = "id";

  @Option(
      names = "--said",
      paramLabel = "NAME",
      description = "The field that they say in other words (default: text).")
  private String said = "text";

  @Option(
      names = "--forward",
      paramLabel = "DIR",
      description = "A sequence-to-sequence model that translates into another language.")
  private Path forward;

  @Option(names = "--back", paramLabel = "DIR", description = "The model that translates back.")
  private Path back;

  @Option(
      names = "--forward-prefix",
      paramLabel = "TEXT",
      description =
          "What each input of the first model begins with, as \"translate English to French: \".")
  private String forwardPrefix = "";

  @Option(names = "--back-prefix", paramLabel = "TEXT", description = "The same of the second.")
  private String backPrefix = "";

  @Option(
      names = "--share",
      paramLabel = "S",
      description =
          "Take a share of the documents, in (0, 1]; a larger share with the same seed holds a smaller"
              + " one, so that 0.1, 0.25, 0.5 and 1 make a learning curve.")
  private double share = 1;

  @Option(
      names = "--balance",
      paramLabel = "HOW",
      description =
          "none (default); oversample repeats documents of rare labels, undersample leaves some of"
              + " frequent ones out.")
  private SelectedSource.Balance balance = SelectedSource.Balance.NONE;

  @Option(
      names = "--label-field",
      paramLabel = "NAME",
      description = "The field with a document's label, for --balance and a stratified --share.")
  private String labelField;

  @Option(
      names = "--split-field",
      paramLabel = "NAME",
      description = "The field that says train, validation or test (default: ${DEFAULT-VALUE}).")
  private String splitField = "split";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many documents are worked on at once (default: the machine's cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException {
    if (method == Method.NONE && share == 1 && balance == SelectedSource.Balance.NONE) {
      throw new IllegalArgumentException("expected --method, --share or --balance");
    }
    StepOptions.requireApart(files, out);
    DocumentSource source = new JsonLinesSource(files);
    if (share != 1 || balance != SelectedSource.Balance.NONE) {
      source = SelectedSource.of(source, labelField, share, balance, seed, splitField);
    }
    Augmenter augmenter = augmenter();
    var made = augmenter == null ? null : new AugmentStep(augmenter, copies, seed, splitField);
    DocumentStep step = made == null ? this::passOn : made;
    RunCounts counts = StepOptions.run(source, step, settings(), out, threads);
    List<Path> read = new ArrayList<>(files);
    read.addAll(paraphrases);
    StepOptions.passOn(read, out, settings(), counts);
    if (made != null) {
      System.err.printf(
          Locale.ROOT,
          "galen: %,d copies made; %.4f of the words changed%n",
          made.made(),
          made.rate());
    }
    return 0;
  }

  private void passOn(Document document, Consumer<Document> sink) {
    AugmentStep.requireTraining(document, splitField);
    sink.accept(document);
  }

  private ProtectedWords kept() throws IOException {
    ProtectedWords words = ProtectedWords.standard();
    return kept == null ? words : words.and(TextFiles.lines(kept));
  }

  private Augmenter augmenter() throws IOException {
    return switch (method) {
      case NONE -> null;
      case SYNONYMS -> {
        List<SynonymDictionary> dictionaries = new ArrayList<>();
        if (dictionary != null) {
          dictionaries.add(SynonymDictionary.read(dictionary));
        }
        dictionaries.add(SynonymDictionary.clinical());
        yield new SynonymAugmenter(
            dictionaries, withoutWordNet ? null : WordNet.load(), rate, kept());
      }
      case NOISE -> new NoiseAugmenter(kinds, rate, kept());
      case PARAPHRASE -> {
        if (paraphrases.isEmpty()) {
          throw new IllegalArgumentException("--method paraphrase needs --paraphrases FILE");
        }
        yield new Paraphrases(new JsonLinesSource(paraphrases), key, said);
      }
      case BACK_TRANSLATION -> {
        if (forward == null || back == null) {
          throw new IllegalArgumentException(
              "--method back_translation needs --forward DIR and --back DIR");
        }
        yield BackTranslator.load(forward, back, forwardPrefix, backPrefix);
      }
    };
  }

  /** All that the output depends on. */
  private String settings() throws IOException {
    var settings = new StringBuilder("augment");
    for (Object setting :
        new Object[] {
          method,
          rate,
          copies,
          seed,
          withoutWordNet,
          EnumSet.copyOf(kinds),
          key,
          forwardPrefix,
          backPrefix,
          share,
          balance,
          labelField,
          splitField
        }) {
      settings.append(' ').append(setting);
    }
    List<Path> read = new ArrayList<>(paraphrases);
    for (Path path : new Path[] {dictionary, kept, forward, back}) {
      if (path != null) {
        read.add(path);
      }
    }
    for (Path path : read) {
      settings.append('\n').append(path).append(' ').append(Files.getLastModifiedTime(path));
    }
    return settings.toString();
  }
}
