# Sums the counters of .trx files into the line that .ci/run ends with. What was neither passed nor failed was skipped;
# an error, a timeout or an abort failed.
function count(name) {
  return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0
}

/<Counters / {
  bad = count("failed") + count("error") + count("timeout") + count("aborted")
  passed += count("passed")
  failed += bad
  skipped += count("total") - count("passed") - bad
}

END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }
