package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input ends in exit code 2 and one line that says what to do; nothing is written. */
class BadInputTest {
  @TempDir static Path folder;
  private static Path model;
  private static Path text;
  private static Path config;

  @BeforeAll
  static void writeFiles() throws IOException {
    model = TinyModels.write(folder.resolve("model"));
    text = Files.writeString(folder.resolve("ok.txt"), TinyModels.TEXT);
    config = TinyModels.writeConfig(folder.resolve("config.json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          frobnicate                     | frobnicate
          finetune --frob                | --frob
          finetune --out                 | --out
          finetune extra                 | extra
          finetune --steps 0             | steps is 0
          finetune --steps -1            | steps is -1
          finetune --epochs 0            | epochs is 0
          finetune --epochs 1 --steps 1  | mutually exclusive
          finetune --batch 0             | batch size is 0
          finetune --batch x             | 'x' is not an int
          finetune --accumulate -1       | accumulate is -1
          finetune --length 1            | --length is 1, must be 2 to
          finetune --length 100000       | --length is 100000, must be 2 to
          finetune --learning-rate NaN   | learning rate is NaN
          finetune --learning-rate -1    | learning rate is -1
          finetune --schedule fast       | [constant, linear, cosine, constant_with_warmup
          finetune --schedule cosine --schedule-args cycles=2 | cycles is no setting of cosine
          finetune --schedule-args power=2 | --schedule-args are of a --schedule
          finetune --schedule polynomial --schedule-args power=x | power is x, must be a number
          finetune --optimizer adagrad   | optimizer is adagrad, expected one of [AdamW, Adam, SGD
          finetune --optimizer lion --optimizer-args momentum=1 | momentum is no setting of Lion
          finetune --optimizer-args beta1=2 | beta1 is 2.0, must be in [0, 1)
          finetune --optimizer hfadafactor --optimizer-args relative_step=true --learning-rate 1 | --learning-rate is 1.0, and relative_step
          finetune --group x             | group is x, must be a pattern, a colon and rate=X
          finetune --layer-decay 0       | layer decay is 0.0, must be above 0 and at most 1
          finetune --ema 1               | ema is 1.0, must be in [0, 1)
          finetune --ema-start initial   | --ema-start is of an --ema
          finetune --clip-value -1       | clip-value is -1.0, must be at least 0
          finetune --unfreeze-every -1   | unfreeze every is -1, must be at least 0
          finetune --steps 9 --warmup 10 | warmup is 10, must be at most the run's updates, 9
          finetune --warmup 1.5          | warmup is 1.5, must be a whole number of updates, or a
          finetune --schedule one_cycle --warmup 3 | warmup is 3, must be 0: one_cycle
          finetune --precision f8        | F32, TF32, F16, BF16
          finetune --device tpu          | no backend for device 'tpu'; known: cpu, cuda:0, reference
          finetune --warmup -1           | warmup is -1
          finetune --weight-decay Infinity | weight decay is Infinity
          finetune --clip NaN            | clip is NaN
          finetune --dropout 1           | --dropout is 1.0, must be in [0, 1)
          finetune --dropout NaN         | --dropout is NaN
          finetune --seed x              | 'x' is not a long
          finetune --eval-every -1       | evaluations is -1
          finetune --save-every -1       | checkpoints is -1
          finetune --patience -1         | patience is -1, must be at least 0
          finetune --log-every 0         | --log-every is 0
          finetune --preset huge         | none of gpt2, gpt2-medium
          finetune --config nope.json    | nope.json: no such file
          finetune --preset tiny --config nope.json | mutually exclusive
          finetune --model nope          | no directory 'nope'
          finetune --model MODEL --preset tiny | --model brings its own config
          finetune --tokenizer nope      | nope: no such directory
          finetune --data nope.json      | nope.json: no such file
          finetune --valid nope.json     | nope.json: no such file
          finetune --resume              | holds no checkpoint
          train --data TEXT --out MODEL  | a model that no training run left there
          train --data TEXT --out TEXT   | ok.txt: is a file
          train --data TEXT --out TEXT/x | ok.txt/x: no directory can be made there
          train --data TEXT --out OUT --config CONFIG --length 33 | must be 2 to the model's context of 32
          train --data TEXT              | train needs --out DIR
          train --out OUT                | train needs --data FILE
          train --data TEXT --out OUT --preset gpt2 --tokenizer nope | nope: no such directory
          evaluate                       | --model
          evaluate --model MODEL         | --data
          evaluate --model MODEL --data TEXT --batch 0 | --batch is 0
          evaluate --model MODEL --data TEXT --stride 0 | --stride is 0, must be 1 to 32
          evaluate --model MODEL --data TEXT --stride 33 | --stride is 33
          evaluate --model MODEL --data TEXT --length 33 | --length is 33
          evaluate --model MODEL --data TEXT --generate | --generate needs questions
          evaluate --model MODEL --data TEXT --generate --max-new-tokens 32 | --max-new-tokens is 32, must be 1 to 31
          generate --prompt x            | --model
          generate --model MODEL         | --prompt
          generate --model MODEL --prompt x --weights int4 | --weights
          generate --model MODEL --prompt x --device cuda:7 | no backend for device 'cuda:7'
          evaluate --model MODEL --data TEXT --device tpu | no backend for device 'tpu'
          generate --model MODEL --prompt x --prompt-ids 1 | mutually exclusive
          generate --model MODEL --prompt-ids 1,x | 'x' is not an int
          generate --model MODEL --prompt-ids 300 | 300
          generate --model MODEL --prompt-ids -1 | -1
          generate --model MODEL --prompt x --max-new-tokens 0 | new tokens is 0
          generate --model MODEL --prompt x --temperature 0 | temperature is 0
          generate --model MODEL --prompt x --top-k 0 | top-k is 0
          generate --model MODEL --prompt x --top-p 2 | top-p is 2
          generate --model MODEL --prompt x --repetition-penalty NaN | repetition penalty is NaN
          generate --model MODEL --prompt x --beams 0 | --beams is 0, must be at least 1
          generate --model MODEL --prompt x --beams 2 --top-k 3 | beams
          generate --model MODEL --prompt x --greedy --top-k 3 | --greedy
          generate --model CONFIG --prompt x | config.json is a file
          tokenize                       | --tokenizer
          tokenize --tokenizer nope      | nope: no such directory
          tokenizer train --data TEXT     | --out
          tokenizer train --data TEXT --out OUT --vocabulary 100 | vocabularySize 100
          tokenizer train --data TEXT --out TEXT | ok.txt
          inspect                        | DIR
          inspect a b                    | b
          inspect nope                   | no directory 'nope'
          download                       | ID
          download a/b/c                 | 'a/b/c'
          """)
  void nonsenseIsRefusedInOneLine(String command, String expected) {
    String[] args =
        Arrays.stream(command.split(" +"))
            .map(
                word ->
                    word.replace("MODEL", model.toString())
                        .replace("TEXT", text.toString())
                        .replace("CONFIG", config.toString())
                        .replace("OUT", folder.resolve("unused").toString()))
            .toArray(String[]::new);
    Run run = Run.galen(args);
    assertTrue(run.refusal().contains(expected), run.err());
    assertFalse(Files.exists(folder.resolve("unused")));
    assertFalse(Files.exists(Path.of("galen-finetune")));
  }

  @Test
  void aPromptMustSuitTheModel() {
    String ids = "1,".repeat(32) + "1";
    Run run = Run.galen("generate", "--model", model.toString(), "--prompt-ids", ids);
    assertTrue(run.refusal().contains("33 tokens"), run.err());
    assertEquals("", run.out());
    run = Run.galen("generate", "--model", model.toString(), "--prompt", "");
    assertTrue(run.refusal().contains("prompt is empty"), run.err());
    run = Run.galen("generate", "--model", model.toString(), "--prompt", "a\ud800");
    assertTrue(run.refusal().contains("surrogate"), run.err());
    run = Run.galen("generate", "--model", model.toString(), "--prompt", "a <|endoftext|>");
    assertTrue(run.refusal().contains("--prompt: the text contains the special token"), run.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          x.json       | ``                                       | x.json: is empty
          x.txt        | ` `                                      | x.txt: holds no records
          x.jsonl      | {"text": "a b"}~{"text":                 | x.jsonl:2: malformed JSON
          x.jsonl      | {"text": "a b"}~{"foo": 1}               | x.jsonl:2: fields are [foo]
          x.jsonl      | {"prompt": "a", "completion": "b", "passage": "c"} | x.jsonl:1: fields are [prompt, completion, passage]
          x.csv        | text,context~a b,c                       | x.csv:2: fields are [text, context]; read as text, which would leave out context
          x.jsonl      | {"text": "a \\ud800"}                    | x.jsonl:1: the field text holds a lone surrogate
          x.jsonl      | {"input_ids": [1, 300]}                  | x.jsonl:1: input_ids holds 300 at position 1
          x.jsonl      | {"input_ids": [1, -1]}                   | x.jsonl:1: input_ids holds -1
          x.jsonl      | {"input_ids": [1, 2], "labels": [1]}     | x.jsonl:1: labels has 1 entries
          x.csv        | question,answer~a,b~c                    | x.csv:3: the record has 1 fields
          x.csv        | question,answer~"a,b                     | x.csv:2: a quoted field is not closed
          x.parquet    | PAR1                                     | x.parquet: is no Parquet file
          x.arrow      | PAR1                                     | x.arrow: is no Arrow file
          x.tsv        | text\tlabel~a b                           | x.tsv:2: the record has 1 fields
          x.xlsx       | PK                                       | .xlsx is not read; expected .csv, .json
          """)
  void badDataNamesFileAndLine(String name, String content, String expected) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content.replace('~', '\n'));
    Run run = Run.galen("evaluate", "--model", model.toString(), "--data", file.toString());
    assertTrue(run.refusal().contains(expected), run.err());
    Path out = folder.resolve("untrained");
    run =
        Run.galen("finetune --model %s --data %s --out %s".formatted(model, file, out).split(" "));
    assertTrue(run.refusal().contains(expected), run.err());
    assertFalse(Files.exists(out));
  }

  @Test
  void dataWithoutALabelTeachesNothing() throws IOException {
    String line = "{\"input_ids\": [1, 2, 3], \"labels\": [-100, -100, -100]}\n";
    Path file = Files.writeString(folder.resolve("silent.jsonl"), line);
    String[] args =
        "train --config %s --data %s --out %s"
            .formatted(config, file, folder.resolve("silent"))
            .split(" ");
    assertTrue(Run.galen(args).refusal().contains("nothing to learn in 1 sequences"));
    assertTrue(
        Run.galen("evaluate", "--model", model.toString(), "--data", file.toString())
            .refusal()
            .contains("silent.jsonl: 0 tokens were scored"));
  }

  @Test
  void dataOfOneTokenAreNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("one.jsonl"), "{\"input_ids\": [5]}\n");
    Path out = folder.resolve("one");
    for (String command :
        new String[] {
          "evaluate --model %s --data %s".formatted(model, file),
          "finetune --model %s --data %s --out %s".formatted(model, file, out),
          "finetune --model %s --data %s --valid %s --out %s".formatted(model, text, file, out),
          "train --config %s --data %s --out %s".formatted(config, file, out)
        }) {
      String line = Run.galen(command.split(" ")).refusal();
      assertTrue(line.contains(file.toString()), line);
      assertFalse(Files.exists(out));
    }
    String line = Run.galen("evaluate", "--model", model.toString(), "--text", "a").refusal();
    assertTrue(line.startsWith("galen: --text: 0 tokens were scored"), line);
  }

  @Test
  void aWeightThatIsNoNumberIsNamed() throws IOException {
    Path damaged = copy("not-a-number");
    Path file = damaged.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, value);
      Files.write(file, bytes);
      Path out = folder.resolve("no-numbers");
      for (String command :
          new String[] {
            "generate --model %s --prompt x".formatted(damaged),
            "generate --model %s --prompt x --greedy".formatted(damaged),
            "generate --model %s --prompt x --beams 2".formatted(damaged),
            "evaluate --model %s --data %s".formatted(damaged, text),
            "finetune --model %s --data %s --out %s".formatted(damaged, text, out)
          }) {
        String line = Run.galen(command.split(" ")).refusal();
        assertTrue(line.startsWith("galen: " + damaged + ": "), line);
        assertTrue(line.contains(" is not finite"), line);
      }
      for (String format : new String[] {"bf16", "int8"}) {
        String command = "generate --model %s --prompt x --weights %s".formatted(damaged, format);
        String line = Run.galen(command.split(" ")).refusal();
        assertTrue(line.startsWith("galen: " + damaged), line);
      }
    }
  }

  /** Once each: the system's own message is the path and nothing else. */
  @Test
  void aFolderThatCannotBeMadeIsNamedOnce() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "skipped: there is no /proc");
    for (String command :
        new String[] {
          "train --data %s --config %s --out /proc/x".formatted(text, config),
          "train --data %s --config %s --out /proc/x/y".formatted(text, config),
          "finetune --model %s --data %s --out /proc/x".formatted(model, text),
          "tokenizer train --data %s --vocabulary 270 --out /proc/x".formatted(text)
        }) {
      String line = Run.galen(command.split(" ")).refusal();
      assertEquals(2, line.split("/proc/x", -1).length, line);
    }
  }

  @Test
  void aModelDirectoryLacksAFile() throws IOException {
    Path damaged = copy("lacking");
    Files.delete(damaged.resolve("config.json"));
    assertRefused(damaged, "holds no config.json");
    damaged = copy("lacking");
    Files.delete(damaged.resolve("model.safetensors"));
    assertRefused(damaged, "has neither model.safetensors nor");
    Files.write(damaged.resolve("pytorch_model.bin"), new byte[8]);
    assertRefused(damaged, "convert its pytorch_model.bin");
    Files.writeString(
        damaged.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"transformer.wte.weight\": \"model-00001-of-00001.safetensors\"}}");
    assertRefused(damaged, "missing: model-00001-of-00001.safetensors");
  }

  @Test
  void weightsAreDamaged() throws IOException {
    Path damaged = copy("damaged");
    Path file = damaged.resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 4));
    assertRefused(damaged, "truncated");
    Files.write(file, Arrays.copyOf(whole, whole.length + 4));
    assertRefused(damaged, "4 trailing bytes");
    Files.write(file, Arrays.copyOf(whole, 5));
    assertRefused(damaged, "has only 5 bytes");
    byte[] oversized = whole.clone();
    ByteBuffer.wrap(oversized).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1L << 40);
    Files.write(file, oversized);
    assertRefused(damaged, "the header's length is given as 1099511627776");
    byte[] nan = whole.clone();
    ByteBuffer.wrap(nan).order(ByteOrder.LITTLE_ENDIAN).putFloat(nan.length - 4, Float.NaN);
    Files.write(file, nan);
    assertRefused(damaged, "NaN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "n_embd" : 16     | "n_embd" : 8           | F32[300, 16] in the file, the config wants F32[300, 8]
          "vocab_size" : 300 | "vocab_size" : 301    | F32[300, 16] in the file, the config wants F32[301, 16]
          "n_layer" : 2     | "n_layer" : 3          | missing transformer.h.2.
          "n_layer" : 2     | "n_layer" : 1          | unexpected transformer.h.1.
          "n_layer" : 2     | "n_layer" : 2000000000 | missing transformer.h.2.
          "n_embd" : 16     | "n_embd" : 400000000   | the config wants F32[300, 400000000]
          "n_layer" : 2     | "n_layer" : "two"      | expected an integer
          "n_head" : 2      | "n_head" : 3           | n_embd is 16, must be a positive multiple
          "gpt2"            | "bloom"                | model_type is bloom
          "gelu_new"        | "mish"                 | activation_function mish
          """)
  void aConfigDisagreesWithTheWeights(String from, String to, String expected) throws IOException {
    Path damaged = copy("disagreeing");
    Path file = damaged.resolve("config.json");
    String json = Files.readString(file);
    assertTrue(json.contains(from), json);
    Files.writeString(file, json.replace(from, to));
    assertRefused(damaged, expected);
  }

  @Test
  void aTokenizerIsLargerThanTheEmbedding() throws IOException {
    Path corpus = Files.writeString(folder.resolve("big.txt"), bigText());
    Path big = folder.resolve("big");
    Run.galen(
            "tokenizer train --vocabulary 400 --data %s --out %s".formatted(corpus, big).split(" "))
        .good();
    for (String command :
        new String[] {
          "generate --prompt x", "evaluate --data " + text, "finetune --data " + text
        }) {
      Run run = Run.galen((command + " --model " + model + " --tokenizer " + big).split(" "));
      assertTrue(run.refusal().contains("the model's embedding (vocab_size) only 300"), run.err());
    }
  }

  private static String bigText() {
    var text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append(" w%dx w%dx".formatted(i, i));
    }
    return text.toString();
  }

  private static void assertRefused(Path directory, String expected) {
    Run run = Run.galen("generate", "--model", directory.toString(), "--prompt-ids", "1,2");
    assertTrue(run.refusal().contains(expected), run.err());
  }

  private static Path copy(String name) throws IOException {
    Path target = Files.createDirectories(folder.resolve(name));
    try (Stream<Path> old = Files.list(target)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return target;
  }
}
