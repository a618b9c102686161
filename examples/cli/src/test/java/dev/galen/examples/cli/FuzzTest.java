package dev.galen.examples.cli;

import dev.galen.examples.fuzz.MemoryFolder;
import dev.galen.examples.fuzz.Mutator;
import dev.galen.examples.fuzz.Outcomes;
import dev.galen.examples.fuzz.SafetensorsCases;
import dev.galen.model.hf.ModelDirectory;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.train.checkpoint.Checkpoints;
import dev.galen.train.checkpoint.TrainingState;
import dev.galen.train.data.DataPosition;
import dev.galen.train.data.TokenizerTraining;
import dev.galen.train.format.DataFiles;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.GradScaler;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.run.RunListener;
import dev.galen.train.run.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files of every kind that Galen reads: each is read as if it were sound, or refused in one
 * line. A case is a function of its number, so a failure comes again. The gate runs the first cases
 * of each kind; {@code ./mvnw verify -Dgroups=fuzz} runs all.
 */
class FuzzTest {
  private static final int HEADERS = 1_200_000;
  private static final int TEXTS = 100_000;

  /** The gate runs one case in so many. */
  private static final int SHARE = 500;

  static final String GENERATION =
      """
      {"eos_token_id":[299,3],"bos_token_id":299,"pad_token_id":null,"do_sample":true,
      "temperature":0.7,"top_k":5,"top_p":0.9,"repetition_penalty":1.1,"max_length":20,
      "num_beams":1,"suppress_tokens":[7],"transformers_version":"5.18.0"}
      """;

  private static final Map<String, String> DATA =
      Map.of(
          "pubmedqa.json",
          """
          {"21645374":{"QUESTION":"Do mitochondria play a role?","CONTEXTS":["One para.","Two."],
          "LABELS":["B"],"MESHES":[],"YEAR":"2011","reasoning_required_pred":"yes",
          "final_decision":"yes","LONG_ANSWER":"Results show so."},
          "166":{"QUESTION":"Is it?","CONTEXTS":["C"],"final_decision":"no","LONG_ANSWER":"No."}}
          """,
          "rows.json",
          """
          [{"question":"Q?","answer":"A.","context":{"contexts":["x","y"]},"pubid":12},
          {"prompt":"p","completion":"c"},{"text":"t"}]
          """,
          "rows.jsonl",
          """
          {"input_ids":[1,2,3],"labels":[-100,2,3],"attention_mask":[1,1,1]}
          {"question":"Q","long_answer":"A","final_decision":"maybe","options":{"A":"x","B":"y"}}
          {"question":"Q","options":["x","y"],"answer":"A","context":"c"}
          {"dialogue":"d","section_text":"s","section_header":"h"}
          {"text":"running text"}
          """,
          "rows.csv",
          """
          question,answer,context,decision
          "Is it, so?","Yes ""it"" is","line
          break",yes
          Q,A,,no
          """,
          "note.txt",
          "Patient \u00e9 140/90.\nSecond line \ud83d\ude00.\n");

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  /** Reads a damaged file, of which the rest of its folder is sound. */
  private interface Reader {
    void read() throws IOException;
  }

  /** Puts {@code count} damaged forms of {@code sound} in the place of {@code file}. */
  private void damage(Path file, String sound, int count, Reader reader) throws IOException {
    String name = file.getFileName().toString();
    // Whichever file of a folder shows the damage first, the folder is in its path.
    var outcomes = new Outcomes(name, file.getParent().toString());
    for (int i = 0; i < count; i++) {
      byte[] bytes = new Mutator(((long) name.hashCode() << 32) + i).text(sound);
      Files.write(file, bytes);
      outcomes.run(i, bytes, reader::read);
    }
    outcomes.requireGood();
  }

  @Test
  void someHeaders() throws IOException {
    headers(HEADERS / SHARE);
  }

  @Test
  @Tag("fuzz")
  void allHeaders() throws IOException {
    headers(HEADERS);
  }

  private void headers(int count) throws IOException {
    Path file = folder.resolve("model.safetensors");
    var outcomes = new Outcomes("model.safetensors", file.toString());
    for (int i = 0; i < count; i++) {
      byte[] bytes = SafetensorsCases.make(i);
      Files.write(file, bytes);
      outcomes.run(i, bytes, () -> SafetensorsCases.read(file));
    }
    outcomes.requireGood();
  }

  @Test
  void someIndexes() throws IOException {
    indexes(TEXTS / SHARE);
  }

  @Test
  @Tag("fuzz")
  void allIndexes() throws IOException {
    indexes(TEXTS);
  }

  private void indexes(int count) throws IOException {
    Path model = TinyModels.write(folder.resolve("model"));
    for (String shard : List.of("one.safetensors", "two.safetensors")) {
      Files.copy(model.resolve("model.safetensors"), model.resolve(shard));
    }
    Files.delete(model.resolve("model.safetensors"));
    String sound =
        """
        {"metadata":{"total_size":22},"weight_map":{"transformer.wte.weight":"one.safetensors",
        "transformer.wpe.weight":"two.safetensors"}}
        """;
    damage(
        model.resolve("model.safetensors.index.json"),
        sound,
        count,
        () -> TensorFiles.open(model).close());
  }

  @Test
  void someTokenizers() throws IOException {
    tokenizers(TEXTS / SHARE);
  }

  @Test
  @Tag("fuzz")
  void allTokenizers() throws IOException {
    tokenizers(TEXTS);
  }

  private void tokenizers(int count) throws IOException {
    Path text =
        Files.writeString(folder.resolve("text.txt"), "the patient has the fever. ".repeat(9));
    Path saved = folder.resolve("saved");
    TokenizerTraining.of(DataFiles.examples(List.of(text)), 280).save(saved);
    var sound = new TreeMap<String, String>();
    sound.put("added_tokens.json", "{\"<|x|>\": 280}");
    for (String name : List.of("vocab.json", "merges.txt")) {
      sound.put(name, Files.readString(saved.resolve(name)));
    }
    damageEach(List.of("vocab.json", "merges.txt", "added_tokens.json"), sound, count);
    sound.remove("added_tokens.json");
    var others = List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");
    for (String name : others) {
      sound.put(name, Files.readString(saved.resolve(name)));
    }
    damageEach(others, sound, count);
  }

  private void damageEach(List<String> names, Map<String, String> sound, int count)
      throws IOException {
    for (String name : names) {
      Path directory = Files.createDirectories(folder.resolve("with-" + name));
      for (var entry : sound.entrySet()) {
        Files.writeString(directory.resolve(entry.getKey()), entry.getValue());
      }
      damage(directory.resolve(name), sound.get(name), count, () -> use(directory));
    }
  }

  /** A tokenizer that was accepted works, or says of a text that it has no tokens for it. */
  private static void use(Path directory) throws IOException {
    Tokenizer tokenizer = TokenizerFiles.load(directory);
    for (String text : List.of("the patient <|endoftext|> 140/90 \ud83d\ude00", "")) {
      int[] ids;
      try {
        ids = tokenizer.encode(text, SpecialTokens.PARSE);
      } catch (IllegalArgumentException e) {
        continue;
      }
      for (int id : ids) {
        if (id < 0 || id >= tokenizer.vocabularySize()) {
          throw new AssertionError("id " + id + " of " + tokenizer.vocabularySize());
        }
      }
      tokenizer.decode(ids);
    }
  }

  @Test
  void someConfigs() throws IOException {
    configs(TEXTS / SHARE);
  }

  @Test
  @Tag("fuzz")
  void allConfigs() throws IOException {
    configs(TEXTS);
  }

  private void configs(int count) throws IOException {
    Path model = TinyModels.write(folder.resolve("model"));
    Path config = model.resolve("config.json");
    String sound = Files.readString(config);
    damage(config, sound, count, () -> Pretrained.readConfig(model));
    damage(config, sound, count / 20, () -> Pretrained.load(model, Device.REFERENCE));
    Files.writeString(config, sound);
    damage(
        model.resolve("generation_config.json"),
        GENERATION,
        count,
        () -> ModelDirectory.read(model).endOfTextIds(Optional.empty()));
  }

  @Test
  void someData() throws IOException {
    data(TEXTS / SHARE);
  }

  @Test
  @Tag("fuzz")
  void allData() throws IOException {
    data(TEXTS);
  }

  private void data(int count) throws IOException {
    for (var entry : DATA.entrySet()) {
      Path file = folder.resolve(entry.getKey());
      damage(file, entry.getValue(), count, () -> DataFiles.read(file));
    }
  }

  @Test
  void someStates() throws IOException {
    states(TEXTS / SHARE);
  }

  @Test
  @Tag("fuzz")
  void allStates() throws IOException {
    states(TEXTS);
  }

  private void states(int count) throws IOException {
    var parameters = new LinkedHashMap<String, Tensor>();
    parameters.put("w", Tensors.full(Device.REFERENCE, DType.F32, Shape.of(2, 3), 1).requireGrad());
    var optimizer = new AdamW(parameters.values(), AdamW.Settings.decay(0));
    var state =
        new TrainingState(
            7, new DataPosition(1, 3), 55, 42, MixedPrecision.F32, GradScaler.State.NONE);
    Path checkpoint = new Checkpoints(folder).save(parameters, optimizer, state, 2);
    Path file = checkpoint.resolve("state.json");
    damage(
        file,
        Files.readString(file),
        count,
        () -> {
          TrainingState read = Checkpoints.load(checkpoint, parameters, optimizer);
          if (read.step() < 0 || read.random() < 0 || optimizer.steps() < 0) {
            throw new AssertionError("a count below zero: " + read);
          }
        });
  }

  @Test
  void someLogs() throws IOException {
    logs(TEXTS / SHARE);
  }

  @Test
  @Tag("fuzz")
  void allLogs() throws IOException {
    logs(TEXTS);
  }

  private void logs(int count) throws IOException {
    Path file = folder.resolve("log.jsonl");
    String sound =
        """
        {"step":1,"loss":4.5,"learningRate":1.0E-4,"gradNorm":2.25,"tokensPerSecond":100.5}
        {"afterStep":1,"validationLoss":4.25,"validationPerplexity":70.1,"validationTokens":77}
        {"afterStep":1,"checkpoint":"out/checkpoint-1"}
        {"step":2,"skipped":true,"learningRate":1.0E-4,"tokensPerSecond":100.5,"lossScale":2.0}
        {"step":3,"loss":4.125,"learningRate":1.0E-4,"gradNorm":2.0,"tokensPerSecond":100.5}
        """;
    damage(
        file, sound, count, () -> new RunLog(file, 2, 3, new RunListener() {}, line -> {}).close());
  }
}
