package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.Availability;
import dev.galen.tensor.backend.BackendProvider;
import dev.galen.tensor.backend.Backends;
import dev.galen.tensor.backend.Diagnostic;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code galen doctor}. */
@Command(
    name = "doctor",
    description = "Say what this machine offers, and for each thing missing why and what to do.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    ObjectNode json = CommonOptions.object();
    String jdk = Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
    String system =
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"));
    json.put("jdk", jdk).put("system", system);
    json.put("processors", Runtime.getRuntime().availableProcessors());
    common.say("JDK         %s", jdk);
    common.say("system      %s", system);
    common.say("processors  %d", Runtime.getRuntime().availableProcessors());
    var backends = json.putArray("backends");
    for (BackendProvider provider : Backends.providers()) {
      Availability found = provider.availability();
      common.say(
          "backend     %s for %s: %s%s",
          provider.name(),
          provider.place(),
          found.available() ? "yes, " : "NO, ",
          found.available() ? found.reason() : found.reason() + "; " + found.remedy());
      ObjectNode backend = backends.addObject();
      backend
          .put("name", provider.name())
          .put("device", provider.place())
          .put("available", found.available())
          .put("reason", found.reason())
          .put("remedy", found.remedy());
      var libraries = backend.putArray("libraries");
      for (Diagnostic library : provider.diagnostics()) {
        common.say(
            "            %s: %s%s",
            library.name(),
            library.found() ? "yes, " + library.detail() : "NO, " + library.detail(),
            library.remedy().isEmpty() ? "" : "; " + library.remedy());
        libraries
            .addObject()
            .put("name", library.name())
            .put("found", library.found())
            .put("detail", library.detail())
            .put("remedy", library.remedy());
      }
    }
    common.say("backend     reference for cpu: yes, always there, slow");
    Device best = Device.best();
    common.say("device      %s, computed by backend %s", best, best.backend().name());
    json.put("device", best.name()).put("backend", best.backend().name());
    common.print(json);
    return 0;
  }
}
