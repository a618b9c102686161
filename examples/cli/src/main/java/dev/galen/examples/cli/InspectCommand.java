package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.hub.Hub;
import dev.galen.model.nn.Layer;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code galen inspect}. */
@Command(
    name = "inspect",
    description = "Print a model's layers, the shapes of its parameters and their number.")
final class InspectCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "DIR", description = "A HuggingFace directory, or a downloaded hub id.")
  private String directory;

  @Override
  public Integer call() throws IOException {
    Path path = Hub.resolve(directory);
    Class<? extends Model> role =
        Pretrained.hasHead(path, SequenceClassifier.class)
            ? SequenceClassifier.class
            : CausalLm.class;
    Model model = Pretrained.load(path, Device.REFERENCE, role).model();
    tree(model.getClass().getSimpleName(), model, 0);
    common.say("parameters: %s", String.format(Locale.ROOT, "%,d", model.parameterCount()));
    ObjectNode json = CommonOptions.object();
    json.put("parameters", model.parameterCount());
    ObjectNode shapes = json.putObject("shapes");
    model
        .parameters()
        .forEach(
            (name, tensor) -> {
              var dims = shapes.putArray(name);
              for (int dim : tensor.shape().toArray()) {
                dims.add(dim);
              }
            });
    common.print(json);
    return 0;
  }

  private void tree(String name, Layer layer, int depth) {
    common.say("%s%s", "  ".repeat(depth), name);
    layer
        .ownParameters()
        .forEach(
            (parameter, tensor) ->
                common.say("%s%s %s", "  ".repeat(depth + 1), parameter, tensor.shape()));
    layer.children().forEach((child, below) -> tree(child, below, depth + 1));
  }
}
