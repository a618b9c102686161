package dev.galen.train.task;

import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.MemoryPlan;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.Collator;
import dev.galen.train.data.ExampleEncoder;
import dev.galen.train.data.PreferenceEncoder;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.format.RowSchemas;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.preference.PreferenceModel;
import dev.galen.train.preference.PreferencePair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Learns which of two completions is the better by DPO and its kin, see {@link
 * dev.galen.train.preference.PreferenceLoss}. The reference is the model as the run begins with it
 * (beside an adapter, which changes nothing at first, the model alone): its log-probabilities are
 * computed once, before the first update, and again by a run that is resumed.
 *
 * <p>The measures are TRL's: {@code rewards/chosen}, the mean of {@code β (ln p - ln p_reference)}
 * of the better completions, {@code rewards/rejected} of the worse ones, {@code rewards/margins},
 * their difference, {@code rewards/accuracies}, the share of pairs with a positive one, and the
 * mean log-probabilities {@code logps/chosen} and {@code logps/rejected}. Without a reference, of
 * orpo and sft, they are those of TRL's ORPO: log-probabilities are means of a token, rewards β
 * times these, and {@code log_odds_chosen} and {@code log_odds_ratio} are means of the log odds and
 * of ln s of them.
 */
public final class PreferenceTask implements Task<CausalLm> {
  @Override
  public String name() {
    return "preference";
  }

  @Override
  public Class<CausalLm> role() {
    return CausalLm.class;
  }

  @Override
  public RowSchemas schemas() {
    return RowSchemas.preference();
  }

  @Override
  public ExampleEncoder encoder(ModelConfig config, Optional<Tokenizer> tokenizer, int length) {
    return new PreferenceEncoder(tokenizer.orElse(null), config.vocabularySize(), length);
  }

  @Override
  public Model learner(CausalLm model, TrainingConfig config) {
    return new PreferenceModel(
        model, config.loss().preference().objective(config.loss().labelSmoothing()));
  }

  @Override
  public TokenSequences prepared(
      Model learner, TrainingConfig config, TokenSequences sequences, Collator collator) {
    if (sequences.isEmpty() || !((PreferenceModel) learner).objective().needsReference()) {
      return sequences;
    }
    int batch = config.data().batchSize();
    MixedPrecision precision = config.precision().products();
    MemoryPlan.ofEvaluation(learner, precision, collator, sequences, batch).require();
    try (var cast = precision.open()) {
      return ((PreferenceModel) learner).referenced(sequences, batch, collator);
    }
  }

  @Override
  public String unit() {
    return "pair";
  }

  @Override
  public Optional<List<String>> figures() {
    return Optional.of(
        List.of(
            "rewards/chosen",
            "rewards/rejected",
            "rewards/accuracies",
            "rewards/margins",
            "logps/chosen",
            "logps/rejected",
            "log_odds_chosen",
            "log_odds_ratio"));
  }

  @Override
  public TaskResult measure(TrainedModel<CausalLm> trained) {
    if (trained.validation().isEmpty()) {
      return new TaskResult(new TreeMap<>(), List.of(), "", List.of(), Map.of());
    }
    var learner = (PreferenceModel) trained.learner();
    SequencedMap<String, Number> figures = figures(learner, pairs(learner, trained));
    String line =
        String.format(
            Locale.ROOT,
            "%,d pairs: accuracy %.4f  margin %.4f  rewards %.4f and %.4f",
            trained.validation().size(),
            figures.get("rewards/accuracies").doubleValue(),
            figures.get("rewards/margins").doubleValue(),
            figures.get("rewards/chosen").doubleValue(),
            figures.get("rewards/rejected").doubleValue());
    var markdown = new StringBuilder("## Preferences\n\n| measure | value |\n|---|---:|\n");
    figures.forEach(
        (name, value) ->
            markdown.append(
                String.format(Locale.ROOT, "| %s | %.4f |\n", name, value.doubleValue())));
    return new TaskResult(
        figures, List.of(line), markdown.append('\n').toString(), List.of(), Map.of());
  }

  private static List<PreferencePair> pairs(
      PreferenceModel learner, TrainedModel<CausalLm> trained) {
    var pairs = new ArrayList<PreferencePair>();
    TokenSequences all = trained.validation();
    for (int from = 0; from < all.size(); from += trained.batchSize()) {
      int to = Math.min(from + trained.batchSize(), all.size());
      pairs.addAll(learner.pairs(trained.encoder().collator().collate(all.subList(from, to))));
    }
    return pairs;
  }

  private static SequencedMap<String, Number> figures(
      PreferenceModel learner, List<PreferencePair> pairs) {
    boolean referenced = learner.objective().needsReference();
    double beta = learner.objective().beta();
    double chosen = 0;
    double rejected = 0;
    double right = 0;
    double logChosen = 0;
    double logRejected = 0;
    double odds = 0;
    double ratio = 0;
    for (PreferencePair pair : pairs) {
      double better = referenced ? pair.chosenRatio() : pair.chosenMean();
      double worse = referenced ? pair.rejectedRatio() : pair.rejectedMean();
      chosen += better;
      rejected += worse;
      right += better > worse ? 1 : 0;
      logChosen += referenced ? pair.policyChosen() : better;
      logRejected += referenced ? pair.policyRejected() : worse;
      odds += pair.logOdds();
      ratio -= Math.log1p(Math.exp(-pair.logOdds()));
    }
    int n = pairs.size();
    var figures = new LinkedHashMap<String, Number>();
    figures.put("rewards/chosen", beta * chosen / n);
    figures.put("rewards/rejected", beta * rejected / n);
    figures.put("rewards/accuracies", right / n);
    figures.put("rewards/margins", beta * (chosen - rejected) / n);
    figures.put("logps/chosen", logChosen / n);
    figures.put("logps/rejected", logRejected / n);
    if (!referenced) {
      figures.put("log_odds_chosen", odds / n);
      figures.put("log_odds_ratio", ratio / n);
    }
    return figures;
  }
}
