#!/bin/sh
# Trains the default net with cross-entropy and with mean squared error, seeds 1 to 3, ten epochs each, and writes
# results/losses.csv. Run it from the project's root after `mvn package`.
set -eu
jar="java --add-modules jdk.incubator.vector -jar beras.jar"
model=$(mktemp)
trap 'rm -f "$model"' EXIT
field() { sed -n "s/.*\"$1\":\([-0-9.E]*\).*/\1/p"; }
{
  python3 results/origin.py
  echo "loss,seed,epoch,test_accuracy"
  for loss in cross-entropy mse; do
    for seed in 1 2 3; do
      $jar train --loss "$loss" --seed "$seed" --epochs 10 --out "$model" --force --json --test-every-epoch 2>/dev/null | grep '^{"epoch"' |
        while read -r line; do
          echo "$loss,$seed,$(echo "$line" | field epoch),$(echo "$line" | field test_accuracy)"
        done
    done
  done
} >results/losses.csv.new
mv results/losses.csv.new results/losses.csv
