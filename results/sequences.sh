#!/bin/bash
# The loss of the character transformer on the King James Bible and the accuracy of the GRU on the rows of MNIST, BERAS and PyTorch in turn, in half an hour:
# apt-get install bible-kjv python3-torch libopenblas0-openmp; mvn -q -DskipTests -f bench package; results/sequences.sh
cd "$(dirname "$0")/.." || exit 1
where="$(java -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p'),$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1 | cut -d" " -f1-2 | tr "A-Z " "a-z-" | sed "s/(r)//g"),$(git describe --always)"
t=$(mktemp -d); bible -f Gen1:1-Rev22:21 | sed 's/^[^ ]* //' > $t/kjv.txt; mkdir $t/mnist; for f in data/*ubyte.gz; do zcat $f > $t/mnist/$(basename $f .gz); done
echo library,seed,step,validation_loss,jdk,machine,commit > $t/losses.csv; echo library,version,seed,test_accuracy,jdk,machine,commit > $t/gru.csv
for s in 1 2 3; do
  java --add-modules jdk.incubator.vector -cp bench/target/benchmarks.jar beras.bench.endtoend.SequenceText $t/kjv.txt 2000 $s 2 2>/dev/null > $t/beras.txt; grep ^beras, $t/beras.txt | sed "s/\$/,$where/" >> $t/losses.csv; [ $s = 1 ] && grep -v ^beras, $t/beras.txt > results/text-sample.txt
  /usr/bin/python3 -B bench/rivals/text_pytorch.py $t/kjv.txt 2000 $s 2 2>/dev/null | sed "s/\$/,$where/" >> $t/losses.csv; cp $t/losses.csv results/text-losses.csv
  java --add-modules jdk.incubator.vector -jar beras.jar train --data data --layers "reshape([28,28]), gru(128), dense(10, softmax)" --epochs 10 --lr-schedule one_cycle --learning-rate 0.004 --batch-size 128 --seed $s --threads 2 --out $t/gru.beras --force 2>/dev/null | sed -n "s/^Test accuracy \([0-9.]*\).*/beras,0.1.0-SNAPSHOT,$s,\1,$where/p" >> $t/gru.csv
  /usr/bin/python3 -B bench/rivals/gru_pytorch.py $t/mnist $s 2 2>/dev/null | sed "s/^pytorch,/pytorch,2.6.0,/; s/\$/,$where/" >> $t/gru.csv; cp $t/gru.csv results/gru-mnist.csv
done
rm -r $t
