package dev.galen.examples.serve.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The file of the store's keys: a Tink keyset (AES-256-GCM), and the key that patients' references
 * are hashed under, which stays when the others are rotated. Whoever has it and the database can
 * read everything, so it belongs on another volume, or is itself encrypted by a key management
 * service, given as Tink's {@link Aead}: its {@code KmsClient}s make such.
 */
public final class KeysetFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] CONTEXT = "galen keyset".getBytes(StandardCharsets.UTF_8);
  private static final int REFERENCE_BYTES = 32;

  private final Path path;
  private final Aead master;

  /** Keys in plain at {@code path}, which only its owner can read. */
  public KeysetFile(Path path) {
    this(path, null);
  }

  /**
   * Keys at {@code path}, encrypted by {@code master}.
   *
   * @param master of a key management service; null for none
   */
  public KeysetFile(Path path, Aead master) {
    this.path = path;
    this.master = master;
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink has no AEAD: " + e.getMessage(), e);
    }
  }

  /** What the file has. */
  record Content(KeysetHandle keys, byte[] references) {}

  /** Where it lies. */
  public Path path() {
    return path;
  }

  /** The keys there are; where there is no file, new ones are made. */
  Content open() throws IOException {
    if (!Files.exists(path)) {
      write(create());
    }
    return read();
  }

  private static Content create() {
    var references = new byte[REFERENCE_BYTES];
    new SecureRandom().nextBytes(references);
    try {
      return new Content(
          KeysetHandle.generateNew(
              PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get()),
          references);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no key can be made: " + e.getMessage(), e);
    }
  }

  private Content read() throws IOException {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(path));
      if (root.has("encrypted") != (master != null)) {
        throw new IOException(
            path
                + (master == null
                    ? ": is encrypted by a key management service, and none is given"
                    : ": is not encrypted, but a key management service is given"));
      }
      if (master != null) {
        byte[] sealed = root.path("encrypted").binaryValue();
        root = JSON.readTree(master.decrypt(sealed, CONTEXT));
      }
      byte[] references = root.path("references").binaryValue();
      if (references == null || references.length != REFERENCE_BYTES) {
        throw new IOException(path + ": is not a keyset of a store");
      }
      return new Content(
          TinkJsonProtoKeysetFormat.parseKeyset(
              root.path("keyset").toString(),
              RegistryConfiguration.get(),
              InsecureSecretKeyAccess.get()),
          references);
    } catch (JsonProcessingException e) {
      throw new IOException(path + ": not valid JSON, at line " + e.getLocation().getLineNr());
    } catch (GeneralSecurityException e) {
      throw new IOException(path + ": not a keyset that can be read: " + e.getMessage(), e);
    } catch (IOException e) {
      throw ErrorText.named(path, e);
    }
  }

  /** Replaces the file as a whole. */
  void write(Content content) throws IOException {
    try {
      var root = JSON.createObjectNode();
      root.set(
          "keyset",
          JSON.readTree(
              TinkJsonProtoKeysetFormat.serializeKeyset(
                  content.keys(), RegistryConfiguration.get(), InsecureSecretKeyAccess.get())));
      root.put("references", content.references());
      byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
      if (master != null) {
        String sealed = Base64.getEncoder().encodeToString(master.encrypt(bytes, CONTEXT));
        bytes = JSON.writeValueAsBytes(JSON.createObjectNode().put("encrypted", sealed));
      }
      boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
      if (!Files.exists(path) && posix) {
        createPrivate();
      }
      AtomicFile.write(path, bytes);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  // AtomicFile keeps the permissions of a file that is there.
  private void createPrivate() throws IOException {
    try {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (IOException e) {
      throw new IOException("cannot write " + path + ": " + ErrorText.reason(e), e);
    }
  }
}
