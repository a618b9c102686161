package dev.galen.model.llama;

/**
 * The relatives that share LLaMA's layers; each has a {@code model_type} and defaults of its own.
 */
public enum LlamaFamily {
  /** LLaMA 1 to 3 (Touvron et al. 2023, arXiv 2302.13971 and 2307.09288). */
  LLAMA("llama", "Llama"),
  /** Mistral 7B (Jiang et al. 2023, arXiv 2310.06825): each layer sees a window. */
  MISTRAL("mistral", "Mistral"),
  /** Qwen 1.5, 2 and 2.5 (Yang et al. 2024, arXiv 2407.10671): biases in the attention. */
  QWEN2("qwen2", "Qwen2");

  private final String modelType;
  private final String className;

  LlamaFamily(String modelType, String className) {
    this.modelType = modelType;
    this.className = className;
  }

  /** HuggingFace's name of the family in a config. */
  String modelType() {
    return modelType;
  }

  /** What HuggingFace's classes of the family begin with. */
  String className() {
    return className;
  }
}
