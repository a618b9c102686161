package dev.galen.tensor.backend;

import dev.galen.tensor.backend.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The backends on this machine. Each is opened once, at its first use. Where the fast CPU backend
 * is missing the reference serves {@code cpu}, and one line on standard error says why and what to
 * do.
 */
public final class Backends {
  private static final Map<String, Backend> OPEN = new HashMap<>();

  private Backends() {}

  /** Every provider found, best first, with its availability. */
  public static List<BackendProvider> providers() {
    var providers = new ArrayList<BackendProvider>();
    ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader())
        .forEach(providers::add);
    providers.sort(Comparator.comparingInt(BackendProvider::priority).reversed());
    return providers;
  }

  /** Whether {@code place} can be used here. */
  public static boolean isAvailable(String place) {
    return providers().stream()
        .anyMatch(p -> p.place().equals(place) && p.availability().available());
  }

  /**
   * Why {@code place} is not used although something of it is here, with what to do: one sentence
   * for each provider. Empty where it can be used, and where nothing of it is here.
   */
  public static Optional<String> passedOver(String place) {
    return passedOver(place, providers());
  }

  static Optional<String> passedOver(String place, List<BackendProvider> providers) {
    var reasons = new ArrayList<String>();
    for (BackendProvider provider : providers) {
      if (provider.place().equals(place)) {
        Availability found = provider.availability();
        if (found.available()) {
          return Optional.empty();
        }
        if (!found.absent()) {
          reasons.add(found.reason() + "; " + found.remedy());
        }
      }
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  /** The backend for a device name: {@code reference}, or a place such as {@code cpu}. */
  public static synchronized Backend of(String name) {
    Backend backend = OPEN.get(name);
    if (backend == null) {
      backend = open(name);
      OPEN.put(name, backend);
    }
    return backend;
  }

  private static Backend open(String name) {
    return name.equals("reference")
        ? new ReferenceBackend()
        : open(name, providers(), System.err::println);
  }

  /** The best of {@code providers} for {@code name}; {@code warning} hears why it is a slow one. */
  static Backend open(String name, List<BackendProvider> providers, Consumer<String> warning) {
    var missing = new ArrayList<String>();
    for (BackendProvider provider : providers) {
      if (!provider.place().equals(name)) {
        continue;
      }
      Availability availability = provider.availability();
      if (availability.available()) {
        return provider.open();
      }
      missing.add(
          "backend %s: %s; %s"
              .formatted(provider.name(), availability.reason(), availability.remedy()));
    }
    if (name.equals("cpu")) {
      if (missing.isEmpty()) {
        missing.add("no fast CPU backend was found; add galen-kernels to the class or module path");
      }
      warning.accept(
          "galen: "
              + String.join("; ", missing)
              + " (computing about ten times slower, training up to thirty times)");
      return of("reference");
    }
    if (missing.isEmpty()) {
      var known = new TreeSet<>(List.of("cpu", "reference"));
      providers.forEach(provider -> known.add(provider.place()));
      throw new IllegalArgumentException(
          "no backend for device '" + name + "'; known: " + String.join(", ", known));
    }
    throw new IllegalArgumentException(
        "device '" + name + "' cannot be used: " + String.join("; ", missing));
  }
}
