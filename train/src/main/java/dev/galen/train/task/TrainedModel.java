package dev.galen.train.task;

import dev.galen.model.Model;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.Example;
import dev.galen.train.data.ExampleEncoder;
import dev.galen.train.data.TokenSequences;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model at the end of its training, with what it can be measured on.
 *
 * @param model the model
 * @param learner what the trainer saw of it, see {@link Task#learner}
 * @param tokenizer its tokenizer, if there is one
 * @param encoder of {@link Task#encoder}
 * @param validation sequences that were held out; may be empty
 * @param asked the first held-out examples that the task wants to see
 * @param shown a few examples to show what the model does
 * @param batchSize sequences at a time
 * @param maxNewTokens tokens of an answer at most; absent for what references take
 * @param <M> the kind of model
 */
public record TrainedModel<M extends Model>(
    M model,
    Model learner,
    Optional<Tokenizer> tokenizer,
    ExampleEncoder encoder,
    TokenSequences validation,
    List<Example> asked,
    List<Example> shown,
    int batchSize,
    OptionalInt maxNewTokens) {}
