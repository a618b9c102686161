package dev.galen.examples.cli;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What other tools call our commands and options, transformers' above all. */
final class Synonyms {
  private static final Map<String, String> COMMANDS =
      Map.ofEntries(
          Map.entry("fine-tune", "finetune"),
          Map.entry("eval", "evaluate"),
          Map.entry("perplexity", "evaluate"),
          Map.entry("ppl", "evaluate"),
          Map.entry("test", "evaluate"),
          Map.entry("run", "generate"),
          Map.entry("infer", "generate"),
          Map.entry("complete", "generate"),
          Map.entry("predict", "generate"),
          Map.entry("sample", "generate"),
          Map.entry("chat", "generate"),
          Map.entry("encode", "tokenize"),
          Map.entry("decode", "tokenize --decode"),
          Map.entry("pull", "download"),
          Map.entry("info", "inspect"),
          Map.entry("show", "inspect"),
          Map.entry("env", "doctor"),
          Map.entry("check", "doctor"),
          Map.entry("bleu", "score"),
          Map.entry("tune", "search"),
          Map.entry("sweep", "search"),
          Map.entry("optimize", "search"),
          Map.entry("rouge", "score"),
          Map.entry("benchmark", "bench"),
          Map.entry("help", "--help"),
          Map.entry("version", "--version"));

  /** By another tool's name: what to type, of which the first that a command has is meant. */
  private static final String OPTIONS =
      """
      lr, base-lr, peak-lr: --learning-rate
      fp16, half, float16, f16: --precision f16 | --weights bf16
      bf16, bfloat16: --precision bf16 | --weights bf16
      tf32: --precision tf32
      mixed-precision, amp, dtype, torch-dtype: --precision | --weights
      label-smoothing-factor: --label-smoothing
      gradient-checkpointing, activation-checkpointing, checkpointing: --recompute
      epoch, num-epochs, num-train-epochs, n-epochs, max-epochs: --epochs
      max-steps, num-steps, num-train-steps, max-train-steps, iterations, max-iters: --steps
      batch-size, train-batch-size, per-device-train-batch-size, per-gpu-train-batch-size: --batch
      per-device-eval-batch-size, eval-batch-size, micro-batch-size, bs: --batch
      gradient-accumulation-steps, gradient-accumulation, grad-accum, accumulation-steps: --accumulate
      output-dir, output, save-dir, out-dir, output-path, o: --out
      max-length: --length | --max-new-tokens
      max-seq-length, max-seq-len, max-sequence-length, seq-length, seq-len: --length
      block-size, context-length, model-max-length, n-ctx, ctx-size, max-position: --length
      max-new-tokens, max-tokens, n-predict, num-tokens, new-tokens: --max-new-tokens
      warmup-steps, num-warmup-steps, lr-warmup-steps, warmup-ratio: --warmup
      lr-scheduler-type, lr-scheduler, scheduler, lr-schedule: --schedule
      lr-scheduler-kwargs, scheduler-args: --schedule-args
      max-grad-norm, grad-clip, gradient-clip, gradient-clipping, clip-grad-norm: --clip
      wd, decay, l2: --weight-decay
      optim, opt: --optimizer
      optim-args: --optimizer-args
      adam-beta1, adam-beta2, adam-epsilon, beta1, beta2, betas, momentum: --optimizer-args
      layerwise-lr-decay, llrd, layer-wise-decay: --layer-decay
      freeze-layers, frozen: --freeze
      ema-decay: --ema
      dropout-rate, dropout-prob, resid-pdrop: --dropout
      eval-steps, evaluation-steps, eval-interval, eval-strategy, evaluation-strategy: --eval-every
      early-stopping-patience, early-stopping: --patience
      early-stopping-threshold, min-delta: --patience-threshold
      load-best, load-best-model-at-end: --load-best-at-end
      metric-for-best-model, monitor, best-metric: --metric
      save-steps, save-interval, save-strategy, checkpoint-every: --save-every
      save-total-limit, keep-last, keep-last-n, save-top-k: --keep
      num-sanity-val-steps, sanity-val-steps, sanity-check: --sanity-steps
      report-to, logger, tensorboard-dir, logging-dir: --tensorboard
      csv-log, csv-logger: --csv
      logging-steps, log-interval, logging-strategy: --log-every
      resume-from-checkpoint, continue, restart: --resume
      model-name-or-path, model-name, model-id, model-path, base-model, pretrained, m: --model
      pretrained-model-name-or-path, checkpoint, ckpt: --model
      tokenizer-name, tokenizer-path, tokenizer-dir, vocab: --tokenizer
      config-name, model-config: --config
      train-file, train-data, training-data, dataset, dataset-name, input, file, files, d: --data
      data-path, data-dir, data-file, train: --data
      validation-file, validation, val-data, eval-file, eval-data, test-file, dev-file, val: --valid
      cuda, gpu, use-gpu: --device cuda:0
      cpu, no-cuda, use-cpu, no-gpu: --device cpu
      load-in-8bit, int8, quantize, quantization, 8bit: --weights int8
      load-in-4bit, int4: --weights int8
      num-beams, beam, beam-size, beam-width, n-beams: --beams
      do-sample, sample: the default, which --greedy switches off
      no-sample, argmax: --greedy
      temp, t: --temperature
      topk: --top-k
      topp, nucleus: --top-p
      repeat-penalty, rep-penalty: --repetition-penalty
      random-seed, data-seed, manual-seed: --seed
      p, text, input-text, prompt-text: --prompt | --text
      input-ids, ids, token-ids: --prompt-ids
      vocab-size, vocabulary-size, num-merges: --vocabulary
      predict-with-generate, answers: --generate
      refs, ref, references, target, gold: --reference
      hyp, hypotheses, prediction, predictions, candidate, sys: --hypothesis
      verbose, v, trace, stacktrace: --debug
      device-map: --device
      n-trials, max-trials, num-samples, num-trials: --trials
      study-name: --study
      storage-url, database, db: --storage
      objective: --metric
      search-space, space, parameter, params: --param
      """;

  private Synonyms() {}

  static Optional<String> ofCommand(String word) {
    return Optional.ofNullable(COMMANDS.get(Hints.plain(word))).map(name -> "`galen " + name + "`");
  }

  /** What to type instead of {@code word} in a command that has the options {@code known}. */
  static Optional<String> ofOption(String word, Collection<String> known) {
    String asked = Hints.plain(word);
    if (known.contains("--" + asked)) {
      return Optional.of("--" + asked);
    }
    return OPTIONS
        .lines()
        .map(line -> line.split(": ", 2))
        .filter(entry -> List.of(entry[0].split(", ")).contains(asked))
        .flatMap(entry -> Stream.of(entry[1].split(" \\| ")))
        .filter(answer -> Stream.of(answer.split(" ")).anyMatch(known::contains))
        .findFirst();
  }
}
