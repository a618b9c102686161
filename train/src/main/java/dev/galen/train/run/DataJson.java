package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import java.nio.file.Path;
import java.util.List;

/** What a run's JSON says of its data beyond the files. */
final class DataJson {
  static final List<String> NAMES =
      List.of(
          "train",
          "validation",
          "length",
          "packing",
          "validShare",
          "validBy",
          "fold",
          "stride",
          "resample",
          "cache",
          "given");

  private DataJson() {}

  /** What {@code json} adds to its files. */
  static DataSource read(DataSource files, Integer stride, Path cache, JsonFields json) {
    Resample resample =
        json.has("resample")
            ? TrainingJson.named(json, "resample", Resample.values())
            : Resample.NONE;
    return new DataSource(
        files.train(),
        files.validation(),
        files.length(),
        files.packing(),
        heldOut(json),
        stride,
        resample,
        cache,
        json.has("given") ? GivenData.named(json.text("given", "")) : null);
  }

  private static HeldOut heldOut(JsonFields json) {
    String by = json.text("validBy", null);
    if (json.has("fold")) {
      if (json.has("validShare")) {
        throw new IllegalArgumentException(
            "validShare is %s and fold is %s; take one"
                .formatted(json.number("validShare").orElse(0), json.text("fold", "")));
      }
      return HeldOut.fold(json.text("fold", ""), by == null ? "random" : by);
    }
    if (by == null && !json.has("validShare")) {
      return null;
    }
    return HeldOut.of(
        json.number("validShare").orElse(HeldOut.TENTH.share()), by == null ? "hash" : by);
  }

  static void write(DataSource data, ObjectNode json) {
    HeldOut heldOut = data.heldOut();
    if (heldOut != null) {
      if (heldOut.isFold()) {
        json.put("fold", heldOut.fold() + "/" + heldOut.folds());
      } else {
        json.put("validShare", heldOut.share());
      }
      json.put("validBy", heldOut.word());
    }
    if (data.stride() != null) {
      json.put("stride", data.stride());
    }
    if (data.resample() != Resample.NONE) {
      json.put("resample", data.resample().word());
    }
    if (data.cache() != null) {
      json.put("cache", data.cache().toString());
    }
    if (data.given() != null) {
      json.put("given", data.given().name());
    }
  }
}
