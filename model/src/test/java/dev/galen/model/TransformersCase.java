package dev.galen.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What transformers was given and what it computed.
 *
 * @param json {@code input_ids}, {@code labels} and so on, as the model was given them
 */
public record TransformersCase(JsonNode json) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The {@code expected.json} of a directory. */
  public static TransformersCase in(Path directory) throws IOException {
    return new TransformersCase(read(directory.resolve("expected.json")));
  }

  /** A file of JSON. */
  public static JsonNode read(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  /** A folder or file beside a test class in the test resources. */
  public static Path fixture(Class<?> test, String name) {
    try {
      return Path.of(test.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** An entry of the optional shared data; the test is skipped, with a reason, without it. */
  public static Path shared(String name) {
    Path found = null;
    for (Path up = Path.of("").toAbsolutePath(); found == null && up != null; up = up.getParent()) {
      Path candidate = up.resolve("shared/data").resolve(name);
      found = Files.exists(candidate) ? candidate : null;
    }
    assumeTrue(found != null, "skipped: shared/data/" + name + " is not beside the repository");
    return found;
  }

  /** The model's inputs, with a mask that is looked at whatever its side, and the labels. */
  public Inputs inputs(Device device) {
    Inputs inputs = Inputs.of(tensor(json.get("input_ids"), device));
    if (json.has("token_type_ids")) {
      inputs = inputs.withTokenTypes(tensor(json.get("token_type_ids"), device));
    }
    if (json.has("attention_mask")) {
      Tensor mask = tensor(json.get("attention_mask"), device).to(DType.U8);
      inputs = inputs.withMask(mask, Inputs.Padding.LEFT);
    }
    return json.has("labels") ? inputs.withLabels(tensor(json.get("labels"), device)) : inputs;
  }

  /** The number of labels that count: of numbers one for each row. */
  public double counted() {
    JsonNode labels = json.get("labels");
    if (tensor(labels, Device.REFERENCE).dtype() != DType.I32) {
      return labels.size();
    }
    int counted = 0;
    for (double label : numbers(labels)) {
      counted += label == -100 ? 0 : 1;
    }
    return counted;
  }

  /** A number by name. */
  public double number(String name) {
    return json.get(name).asDouble();
  }

  /** All numbers of an array of any depth by name. */
  public double[] numbers(String name) {
    return numbers(json.get(name));
  }

  /** All numbers of an array of any depth. */
  public static double[] numbers(JsonNode array) {
    List<JsonNode> leaves = leaves(array);
    return leaves.stream().mapToDouble(JsonNode::asDouble).toArray();
  }

  /** One or two dimensions: I32 where all numbers are integers, else F32. */
  public static Tensor tensor(JsonNode array, Device device) {
    int[] dims =
        array.get(0).isArray()
            ? new int[] {array.size(), array.get(0).size()}
            : new int[] {array.size()};
    List<JsonNode> leaves = leaves(array);
    var ints = new int[leaves.size()];
    var floats = new float[leaves.size()];
    boolean integral = true;
    for (int i = 0; i < ints.length; i++) {
      ints[i] = leaves.get(i).asInt();
      floats[i] = (float) leaves.get(i).asDouble();
      integral &= leaves.get(i).isIntegralNumber();
    }
    return integral ? Tensors.of(device, ints, dims) : Tensors.of(device, floats, dims);
  }

  private static List<JsonNode> leaves(JsonNode array) {
    var leaves = new ArrayList<JsonNode>();
    for (JsonNode part : array) {
      leaves.addAll(part.isArray() ? leaves(part) : List.of(part));
    }
    return leaves;
  }

  /** The root of the summed squares of all gradients. */
  public static double gradientNorm(Model model) {
    double squares = 0;
    for (Tensor parameter : model.parameters().values()) {
      squares += parameter.grad() == null ? 0 : squares(parameter.grad().toDoubles());
    }
    return Math.sqrt(squares);
  }

  /** How far {@code actual} is from {@code expected}, relative to their size. */
  public static double relativeError(double[] expected, double[] actual) {
    var difference = new double[expected.length];
    for (int i = 0; i < expected.length; i++) {
      difference[i] = expected[i] - actual[i];
    }
    return Math.sqrt(squares(difference) / squares(expected));
  }

  private static double squares(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return squares;
  }
}
