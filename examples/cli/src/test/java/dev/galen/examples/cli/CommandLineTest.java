package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is typed wrongly is answered with what to type. */
class CommandLineTest {
  @TempDir static Path folder;
  private static String model;

  @BeforeAll
  static void writeModel() throws IOException {
    model = TinyModels.write(folder.resolve("model")).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          finetun                             | did you mean finetune?
          genrate --model x                   | did you mean generate?
          fine-tune                           | `galen finetune`
          eval                                | `galen evaluate`
          help                                | `galen --help`
          tokenizer trian                     | did you mean train?
          --model x                           | the command comes first
          finetune --data q.json --fp16       | --precision f16
          finetune --data q.json --bf16       | --precision bf16
          finetune --data q.json --lr 3e-5    | unknown option --lr; here it is --learning-rate
          finetune --lr=3e-5                  | --learning-rate
          finetune --num_train_epochs 3       | --epochs
          finetune --num-epochs 3             | --epochs
          finetune --max_steps 3              | --steps
          finetune --per_device_train_batch_size 2 | --batch
          finetune --gradient_accumulation_steps 2 | --accumulate
          finetune --max_grad_norm 1          | --clip
          finetune --lr_scheduler_type cosine | --schedule
          finetune --warmup_steps 10          | --warmup
          finetune --eval_steps 10            | --eval-every
          finetune --resume_from_checkpoint x | --resume
          finetune --model_name_or_path x     | --model
          finetune --max_seq_length 128       | --length
          finetune --learning_rate 1          | --learning-rate
          finetune --learnign-rate 1          | did you mean --learning-rate?
          finetune --weigth-decay 1           | did you mean --weight-decay?
          finetune -model x                   | here it is --model
          finetune data.json                  | 'data.json' belongs to no option; files go behind --data
          train --output_dir x                | here it is --out
          train --no_cuda                     | --device cpu
          evaluate --data q.json --generat    | did you mean --generate?
          evaluate --per_device_eval_batch_size 2 | --batch
          search --n-trials 5                 | --trials
          serve --model nowhere --port 0      | nowhere
          serve --port 0 nothing              | there is no command 'nothing'
          serve --port 0                      | --model is missing
          search --study_name x               | --study
          tune                                | `galen search`
          search --spec x --out y             | --param
          generate --max_length 10            | --max-new-tokens
          generate --max_new_tokens 10        | --max-new-tokens
          generate --num_beams 2              | --beams
          generate --do_sample                | --greedy
          generate --top_k 5                  | --top-k
          generate --load_in_8bit             | --weights int8
          generate --model MODEL hello        | 'hello' belongs to no option; a prompt goes behind --prompt
          generate --model MODEL --prompt     | Missing required parameter
          generate --model MODEL --prompt --greedy | but found '--greedy'
          tokenize hello                      | the text comes from standard input
          finetune --out --frob               | unknown option --frob
          finetune --data q.json -5x           | unknown option -5x
          tokenizer train --data q.json --vocab_size 5 | --vocabulary
          generate --model x --prompt x --prompt y | of --prompt and --prompt-ids only one can be given
          finetune --out=                     | '--out': is empty
          finetune --data=                    | is empty
          train --data --out x                | but found '--out'
          finetune --seed 1 --seed 2          | only once
          finetune --learning-rate -1         | learning rate is -1
          bench ops                           | ./galen bench
          """)
  void theWayOutIsNamed(String command, String expected) {
    Run run = Run.galen(words(command));
    assertTrue(run.refusal().contains(expected), run.err());
    assertFalse(run.err().contains("no such file"), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5 degrees", "-x", "@home", "- a list", "--x=1"})
  void aPromptMayBeginWithAnything(String prompt) {
    Run run =
        Run.galen("generate", "--model", model, "--max-new-tokens", "1", "--prompt", prompt).good();
    assertTrue(run.out().startsWith(prompt), run.out());
  }

  @Test
  void severalFilesStandBehindOneOption() {
    Run run = Run.galen(words("evaluate --model MODEL --data a.txt b.txt --data c.txt"));
    assertTrue(run.refusal().contains("a.txt: no such file"), run.err());
  }

  @Test
  void theVersionTellsReleaseAndJdk() {
    String version = Run.galen("--version").good().out();
    assertTrue(version.matches("galen \\d+\\.\\S+, JDK 2\\d\\..*\\R"), version);
  }

  private static String[] words(String command) {
    return Arrays.stream(command.split(" +"))
        .map(word -> word.replace("MODEL", model))
        .toArray(String[]::new);
  }
}
