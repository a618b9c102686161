/** A model as a service: who may use it, what is told and kept of that, and what people look at. */
module dev.galen.examples.serve {
  requires transitive dev.galen.examples.clinical;
  requires transitive dev.galen.model;
  requires com.fasterxml.jackson.databind;
  requires com.google.crypto.tink;
  requires com.nimbusds.jose.jwt;
  requires java.sql;
  requires jdk.httpserver;
  requires transitive info.picocli;

  exports dev.galen.examples.serve;
  exports dev.galen.examples.serve.access;
  exports dev.galen.examples.serve.audit;
  exports dev.galen.examples.serve.command;
  exports dev.galen.examples.serve.http;
  exports dev.galen.examples.serve.model;
  exports dev.galen.examples.serve.openai;
  exports dev.galen.examples.serve.oversight;
  exports dev.galen.examples.serve.store;

  // picocli fills options in by reflection.
  opens dev.galen.examples.serve.command to
      info.picocli;
}
