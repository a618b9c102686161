package dev.galen.examples;

import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.train.Progress;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.Split;
import dev.galen.train.format.DataFiles;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Fine-tunes a GPT-2 of any size on questions and answers.
 *
 * <p>Data: any file {@code galen finetune} takes, such as PubMedQA's. Size, time and last loss are
 * the model's and the data's: GPT-2 124M takes about 1.3 s for 256 tokens on two AVX-512 cores.
 * With random weights the first loss is about the logarithm of the vocabulary's size, 10.8.
 */
public final class FineTune {
  private FineTune() {}

  /** Arguments: a HuggingFace directory, a data file, a directory for the result. */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("usage: ./galen example FineTune MODEL_DIR DATA_FILE RESULT_DIR");
      System.exit(2);
    }
    var gpt2 = Pretrained.load(Path.of(args[0]), Device.best());
    var model = gpt2.model();
    var tokenizer = gpt2.requireTokenizer();

    var encoder = SequenceEncoder.of(tokenizer, model.vocabularySize(), 256);
    var data = Split.byHash(DataFiles.read(Path.of(args[1])), 0.1, 0, 42);
    var train = encoder.encode(data.train());
    var validation = encoder.encode(data.validation());

    var config =
        TrainingConfig.builder().epochs(1).batchSize(4).accumulate(2).learningRate(3e-5).build();
    try (var trainer = new Trainer(model, config, train, validation, encoder.paddingId())) {
      System.out.println("before: " + trainer.evaluate().perplexity());
      trainer.listen(Progress.toStandardError()).fit();
      System.out.println("after:  " + trainer.evaluate().perplexity());
    }
    Pretrained.save(model, tokenizer, gpt2.directory(), Path.of(args[2]));
  }
}
