package dev.galen.tokenizer.hf;

import dev.galen.tokenizer.bpe.ByteLevelDecoder;
import dev.galen.tokenizer.split.ByteLevelSplit;
import dev.galen.tokenizer.stage.Decoder;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.stage.PostProcessor;
import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.stage.TokenModel;
import java.io.IOException;
import java.util.List;

/** Every component of a {@code tokenizer.json} that is known here: add new ones to these lists. */
final class Components {

  static final StageReaders<Normalizer> NORMALIZERS =
      new StageReaders<Normalizer>()
          .none(Normalizer.NONE)
          .sequences((parts, json) -> Normalizer.NONE); // of nothing, as none has a type yet

  static final StageReaders<PreTokenizer> PRE_TOKENIZERS =
      new StageReaders<PreTokenizer>().add("ByteLevel", Components::byteLevelSplit);

  private static final List<ModelJson> MODELS = List.of(new BpeJson());

  static final StageReaders<PostProcessor> POST_PROCESSORS =
      new StageReaders<PostProcessor>()
          .none(PostProcessor.NONE)
          .add("ByteLevel", PostProcessorJson::byteLevel)
          .add("TemplateProcessing", PostProcessorJson::template)
          .add("BertProcessing", PostProcessorJson::bert)
          .add("RobertaProcessing", PostProcessorJson::roberta)
          .sequences(PostProcessorJson::chain);

  static final StageReaders<Decoder> DECODERS =
      new StageReaders<Decoder>()
          .none(new ByteLevelDecoder())
          .add("ByteLevel", json -> new ByteLevelDecoder());

  private Components() {}

  static StageReaders<TokenModel> models() {
    var readers = new StageReaders<TokenModel>();
    MODELS.forEach(model -> readers.add(model.type(), model));
    return readers;
  }

  /** What writes a model. */
  static ModelJson writer(TokenModel model) {
    return MODELS.stream().filter(json -> json.isOf(model)).findFirst().orElseThrow();
  }

  private static PreTokenizer byteLevelSplit(StageJson json) throws IOException {
    if (!json.flag("use_regex", true)) {
      throw json.refused(json.field() + " ByteLevel with use_regex false", "true is");
    }
    boolean says = json.flag("add_prefix_space", true);
    return new ByteLevelSplit(json.isGpt2() ? json.config().flag("add_prefix_space") : says);
  }
}
