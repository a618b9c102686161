package dev.galen.model.engine;

import dev.galen.model.CausalLm;
import dev.galen.model.nn.KvCache;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cache for each text, which grows by pages. A text that begins as another one copies what that
 * has of it, in whole pages. Caches of texts that are done stay for this while the budget has room,
 * the latest longest.
 */
final class OwnCaches implements SequenceMemory {
  private final CausalLm model;
  private final int page;
  private final int chunk;
  private final int few;
  private final long budget;
  private final long bytesPerPosition;
  private final Map<Own, Text> known = new LinkedHashMap<>();
  private final Map<Own, Text> idle = new LinkedHashMap<>(); // the oldest first
  private long used;
  private long idleBytes;

  private static final class Own implements Kept {
    private final KvCache cache;

    Own(KvCache cache) {
      this.cache = cache;
    }

    @Override
    public int length() {
      return cache.length();
    }
  }

  OwnCaches(CausalLm model, EngineConfig config) {
    this.model = model;
    page = config.pageSize();
    chunk = config.prefillChunk();
    few = model.backend().fewPositions();
    budget = config.kvBytes();
    try (KvCache one = model.newCache(1, 1)) {
      bytesPerPosition = one.bytesPerPosition();
    }
  }

  @Override
  public Kept begin(Text text) {
    Own alike = null;
    int shared = 0;
    for (Map<Own, Text> there : List.of(known, idle)) {
      for (Map.Entry<Own, Text> other : there.entrySet()) {
        int same = Math.min(text.sharedWith(other.getValue()), other.getKey().length());
        int whole = same > shared ? whole(same, text) : 0;
        if (whole > shared) {
          alike = other.getKey();
          shared = whole;
        }
      }
    }
    int capacity = pages(shared + 1) * page;
    if (idle.containsKey(alike) && bytes(capacity) > budget - used - idleBytes) {
      return again(alike, shared); // no room for a copy
    }
    if (!hasRoom(bytes(capacity))) {
      return null;
    }
    var own = new Own(model.newCache(1, capacity));
    used += bytes(own.cache.capacity());
    if (alike != null) {
      own.cache.fill(alike.cache, shared);
    }
    return own;
  }

  /** Goes on with a cache of a text that is done. */
  private Kept again(Own own, int length) {
    idle.remove(own);
    idleBytes -= bytes(own.cache.capacity());
    used += bytes(own.cache.capacity());
    own.cache.crop(length);
    return own;
  }

  private long bytes(int positions) {
    return positions * bytesPerPosition;
  }

  /** Whether the budget has so many bytes more, once caches of texts that are done are gone. */
  private boolean hasRoom(long bytes) {
    if (bytes > budget - used) {
      return false;
    }
    var oldest = idle.keySet().iterator();
    while (bytes > budget - used - idleBytes) {
      Own own = oldest.next();
      oldest.remove();
      idleBytes -= bytes(own.cache.capacity());
      own.cache.close();
    }
    return true;
  }

  /**
   * The most positions up to {@code shared} that are whole pages, and of which the last chunk of a
   * prompt has the same sums as without them: it and what is left of it are no few positions.
   */
  private int whole(int shared, Text text) {
    for (int pages = shared / page; pages > 0; pages--) {
      int positions = pages * page;
      int before = positions % chunk;
      int left = Math.min(chunk - before, text.start() - positions);
      if (before == 0 || (before > few && left > few)) {
        return positions;
      }
    }
    return 0;
  }

  private int pages(int positions) {
    return Math.ceilDiv(positions, page);
  }

  @Override
  public boolean reserve(Kept kept, int positions) {
    KvCache cache = ((Own) kept).cache;
    if (positions <= cache.capacity()) {
      return true;
    }
    int more = positions - cache.length();
    int before = cache.capacity();
    int least = pages(positions) * page;
    long room = (budget - used) / bytesPerPosition + before;
    // Doubling keeps copies rare; where memory is short it grows by what it needs.
    long most = Math.min(Math.min(2L * before, room), mostPositions());
    int capacity = (int) Math.max(least, most);
    if (!hasRoom(bytes(capacity - before))) {
      return false;
    }
    cache.reserve(more, capacity);
    used += bytes(cache.capacity() - before);
    return true;
  }

  @Override
  public KvCache cache(List<Kept> rows) {
    var caches = new ArrayList<KvCache>(rows.size());
    rows.forEach(row -> caches.add(((Own) row).cache));
    return KvCache.joined(caches);
  }

  @Override
  public void share(Kept kept, Text text) {
    known.put((Own) kept, text);
  }

  @Override
  public void forget(Kept kept) {
    known.remove((Own) kept);
  }

  @Override
  public void release(Kept kept) {
    var own = (Own) kept;
    Text text = known.remove(own);
    used -= bytes(own.cache.capacity());
    if (text == null || own.length() < page) {
      own.cache.close();
    } else {
      idleBytes += bytes(own.cache.capacity());
      idle.put(own, text);
    }
  }

  @Override
  public boolean joins() {
    return model.isCapturable(); // else what a place means depends on the longest text
  }

  @Override
  public int mostPositions() {
    long most = budget / (page * bytesPerPosition) * page;
    return (int) Math.min(Math.min(most, model.maxLength()), Integer.MAX_VALUE / 2);
  }

  @Override
  public long used() {
    return used;
  }

  @Override
  public void close() {
    // Every text has been released.
    idle.keySet().forEach(own -> own.cache.close());
    idle.clear();
    idleBytes = 0;
  }
}
