package dev.galen.tokenizer.hf;

import dev.galen.tokenizer.stage.Decoder;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.stage.PostProcessor;
import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.stage.TokenModel;
import java.io.IOException;
import java.util.List;

/**
 * Every component of a {@code tokenizer.json} that is known here. The lists of a stage's types
 * stand in {@code NormalizerJson}, {@code PreTokenizerJson}, {@code DecoderJson}, and here: add new
 * ones to these.
 */
final class Components {

  private static final List<ModelJson> MODELS =
      List.of(new BpeJson(), new WordPieceJson(), new UnigramJson(), new WordLevelJson());

  /** The types of these, in their order. */
  private static final List<String> MODEL_TYPES =
      List.of("BPE", "WordPiece", "Unigram", "WordLevel");

  private static final List<String> POST_PROCESSORS =
      List.of("ByteLevel", "TemplateProcessing", "BertProcessing", "RobertaProcessing");

  private Components() {}

  static StageReaders<Normalizer> normalizers() {
    return NormalizerJson.readers();
  }

  static StageReaders<PreTokenizer> preTokenizers() {
    return PreTokenizerJson.readers();
  }

  static StageReaders<TokenModel> models() {
    return new StageReaders<>(MODEL_TYPES, Components::readModel);
  }

  private static TokenModel readModel(String type, StageJson json) throws IOException {
    return MODELS.get(MODEL_TYPES.indexOf(type)).read(json);
  }

  static StageReaders<PostProcessor> postProcessors() {
    return new StageReaders<>(POST_PROCESSORS, Components::readPostProcessor)
        .none(PostProcessor.NONE)
        .sequences(PostProcessorJson::chain);
  }

  private static PostProcessor readPostProcessor(String type, StageJson json) throws IOException {
    return switch (type) {
      case "ByteLevel" -> PostProcessorJson.byteLevel(json);
      case "TemplateProcessing" -> PostProcessorJson.template(json);
      case "BertProcessing" -> PostProcessorJson.bert(json);
      default -> PostProcessorJson.roberta(json);
    };
  }

  static StageReaders<Decoder> decoders(boolean bytes) {
    return DecoderJson.readers(bytes);
  }

  /** What writes a model. */
  static ModelJson writer(TokenModel model) {
    for (var json : MODELS) {
      if (json.isOf(model)) {
        return json;
      }
    }
    throw new IllegalStateException("no form in HuggingFace's files for " + model.getClass());
  }
}
