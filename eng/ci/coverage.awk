# Line coverage of Core out of cobertura files: a line is covered when any test project has covered it. Prints the sum and
# every file with lines that no test covers, with the reason that the table `gaps` gives. Fails where the sum is under
# `floor`, or a file has no reason; warns of a reason whose file has no gap.
BEGIN {
  while ((getline row < gaps) > 0) {
    if (row ~ /^[ \t]*(#|$)/)
      continue
    if (split(row, part, / *\| */) != 3 || part[2] !~ /^(always|timing)$/ || part[3] == "") {
      printf "  %s: '%s' is not a row of 'file | always or timing | reason'\n", gaps, row
      broken = 1
    }
    kind[part[1]] = part[2]
    reason[part[1]] = part[3]
  }
  close(gaps)
}

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
  for (file in total) {
    if (hits[file] < total[file]) {
      lines = total[file] - hits[file]
      printf "  %5.1f%%  %s, %d line%s: %s\n", 100 * hits[file] / total[file], file, lines, lines == 1 ? "" : "s",
        file in reason ? reason[file] : "NO REASON" | "sort"
      unexplained += !(file in reason)
    }
  }
  close("sort")
  for (file in reason)
    if (!(file in total) || (hits[file] == total[file] && kind[file] == "always"))
      printf "  warning: %s gives a reason for %s, which %s\n", gaps, file, file in total ? "has no gap" : "isn't there" | "sort"
  close("sort")
  failed = broken
  if (unexplained) {
    printf "  %d file%s with gaps and no reason: cover the lines, or say in %s why not\n", unexplained, unexplained == 1 ? "" : "s", gaps
    failed = 1
  }
  if (percent < floor) {
    printf "  under the floor of %s%% (eng/coverage-floor)\n", floor
    failed = 1
  }
  exit failed
}
