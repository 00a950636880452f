# Line coverage of Core out of cobertura files: a line is covered when any test project has covered it. Prints the sum
# and every file under 95%; fails where the sum is under `floor`.
function value(name) {
  return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : ""
}

/<source>/ {
  source = $0
  sub(/.*<source>/, "", source)
  sub(/\/?<\/source>.*/, "", source)
}

/<class / {
  file = value("filename")
  gsub(/\\/, "/", file)
  if (file !~ /^\//)
    file = source "/" file
  sub(/.*\/src\//, "src/", file)
  inside = file ~ /Psyne\.Flow\.Core\// && file !~ /\/obj\//
}

inside && /<line / {
  key = file SUBSEP value("number")
  hit = value("hits") + 0 > 0
  if (!(key in seen)) {
    seen[key] = 1
    total[file]++
    all++
  }
  if (hit && !(key in covered)) {
    covered[key] = 1
    hits[file]++
    allHits++
  }
}

END {
  if (!all) {
    print "  no coverage was collected"
    exit 1
  }
  percent = 100 * allHits / all
  printf "  Psyne.Flow.Core: %.1f%% of %d lines\n", percent, all
  for (file in total)
    if (100 * hits[file] / total[file] < 95)
      printf "  %5.1f%%  %s (%d of %d lines)\n", 100 * hits[file] / total[file], file, hits[file], total[file] | "sort"
  close("sort")
  if (percent < floor) {
    printf "  under the floor of %s%% (eng/coverage-floor)\n", floor
    exit 1
  }
}
