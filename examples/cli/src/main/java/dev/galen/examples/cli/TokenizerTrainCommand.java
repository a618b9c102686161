package dev.galen.examples.cli;

import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.checkpoint.RunLock;
import dev.galen.train.data.TokenizerTraining;
import dev.galen.train.format.DataFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen tokenizer train}. */
@Command(name = "train", description = "Train a tokenizer on data files.")
final class TokenizerTrainCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      arity = "1..*",
      required = true,
      description = "What to learn from: any data file that finetune takes.")
  private List<Path> data;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where it goes.")
  private Path out;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "8192",
      description = "Tokens, with the special ones and BPE's 256 bytes (default ${DEFAULT-VALUE}).")
  private int vocabulary;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "bpe",
      description =
          "What to learn: bpe (default) GPT-2's byte-level BPE, wordpiece or wordpiece_cased BERT's"
              + " WordPiece, unigram T5's pieces.")
  private TokenizerTraining.Kind type;

  @Override
  public Integer call() throws IOException {
    var training = new TokenizerTraining(type, vocabulary);
    Tokenizer tokenizer;
    try (RunLock lock = RunLock.acquire(out)) { // two at once would mix, or the slower one win
      lock.warning().ifPresent(line -> common.say("notice     %s", line));
      for (Path file : data) {
        DataFiles.read(file, training::add);
      }
      tokenizer = training.train();
      tokenizer.save(out);
    }
    common.say("%s: %d tokens", out, tokenizer.vocabularySize());
    common.print(
        CommonOptions.object()
            .put("directory", out.toString())
            .put("tokens", tokenizer.vocabularySize()));
    return 0;
  }
}
