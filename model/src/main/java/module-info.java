/** Layers, architectures, generation and HuggingFace directories. */
module dev.galen.model {
  requires transitive dev.galen.tensor;
  requires transitive dev.galen.tokenizer;
  requires com.fasterxml.jackson.databind;
  requires java.net.http;

  exports dev.galen.model.hub;
  exports dev.galen.model;
  exports dev.galen.model.bert;
  exports dev.galen.model.engine;
  exports dev.galen.model.engine.constraint;
  exports dev.galen.model.generate;
  exports dev.galen.model.gpt2;
  exports dev.galen.model.hf;
  exports dev.galen.model.inside;
  exports dev.galen.model.llama;
  exports dev.galen.model.lora;
  exports dev.galen.model.mixtral;
  exports dev.galen.model.nn;
  exports dev.galen.model.opt;
  exports dev.galen.model.pretrained;
  exports dev.galen.model.t5;

  uses dev.galen.model.hf.Architecture;
}
