"""The made-up network of `natverk demo`: what was typed on which evening.

Each line is a date, a time and a command line of natverk, in the order in which
they were recorded.
"""

from __future__ import annotations

TODAY = "2026-11-20 19:00"

STORY = """
2026-05-04 18:00 init "Kvarteret Linden" --idea "Grannar och föreningar som delar på det vi redan har"
2026-05-04 18:05 join "Åsa Öberg"
2026-05-04 18:06 join "Knut Ek" --invited-by Åsa
2026-05-04 18:08 join "Fatima Haddad" --invited-by Åsa
2026-05-04 18:10 join "Brf Linden 4" --organisation
2026-05-04 18:20 offer "Brf Linden 4" Föreningslokalen --kind premises --category lokal --capacity 1 --open "mån-sön 08:00-22:00"
2026-05-04 18:25 offer Knut Borrmaskin --kind equipment --category verktyg --capacity 1
2026-05-06 19:10 join "Björn Lindqvist" --invited-by Knut
2026-05-06 19:12 join "Märta Nyström" --invited-by Fatima
2026-05-07 17:30 give Knut Märta "hjälp med hyllor" --hours 2
2026-05-09 10:00 join Cykelköket --organisation --invited-by Björn
2026-05-09 10:05 offer Cykelköket Mekplats --kind premises --category cykel --capacity 3 --open "tis,tors 18:00-21:00"
2026-05-09 10:07 offer Cykelköket Lastcykel --kind equipment --category cykel --capacity 2
2026-05-12 20:00 ask Fatima "någon som lagar en punktering" --kind service --category cykelreparation
2026-05-13 08:15 introduce Björn Fatima Cykelköket --about "punkteringen" --ask a1
2026-05-14 19:30 give Cykelköket Fatima "en lagad punktering" --ask a1 --hours 1 --because 15
2026-05-14 19:40 close a1 --met
2026-05-14 19:45 follow-up 15 --met
2026-05-20 18:00 join "Lena Sjögren" --invited-by Märta
2026-05-23 12:00 give Märta everyone "rabarberpaj på gården" --kind other --quantity 4 --unit piece
2026-06-01 18:30 join "Café Linden" --organisation --invited-by Åsa
2026-06-01 18:40 offer "Café Linden" "Gårdagens bröd" --kind other --category bröd --stock 40 --unit piece
2026-06-03 09:00 join "Omar Farah" --invited-by Fatima
2026-06-04 18:00 give "Café Linden" Omar "bröd till läxkvällen" --quantity 12 --unit piece --resource "Gårdagens bröd"
2026-06-06 10:30 lend Borrmaskin Omar --due 2026-06-13
2026-06-09 17:00 offer Lena Läxhjälp --kind knowledge --category läxhjälp
2026-06-10 16:30 ask Omar "läxhjälp i matematik för två barn" --kind knowledge --category läxhjälp --quantity 6 --unit hour
2026-06-12 18:00 return Borrmaskin Omar
2026-06-14 15:00 give Lena Omar "en stund matematik" --hours 2 --ask a2 --resource Läxhjälp
2026-06-17 19:00 give Omar Knut "hjälp att flytta en soffa" --hours 1.5
2026-06-21 15:00 give Lena Omar "en stund matematik" --hours 2 --ask a2 --resource Läxhjälp
2026-06-25 12:00 pause Lena
2026-07-02 20:00 give Fatima Märta "blomvattning hela juli" --category vattning
2026-08-10 18:00 resume Lena
2026-08-12 18:00 join "Stina Åkerlund"
2026-08-12 18:15 join "Gustav Holm" --invited-by Stina
2026-08-16 16:00 give Lena Omar "en stund matematik" --hours 2 --ask a2 --resource Läxhjälp
2026-08-16 18:30 close a2 --met
2026-08-20 19:00 offer Stina Äpplen --kind other --category frukt --stock 60 --unit kg
2026-08-22 11:00 give Stina everyone "äpplen" --quantity 20 --unit kg --resource Äpplen
2026-08-22 13:00 give Stina "Café Linden" "äpplen till kanelbullar" --quantity 15 --unit kg --resource Äpplen
2026-08-25 09:00 give "Café Linden" everyone "äppelkaka" --quantity 30 --unit piece --because 41
2026-09-01 18:00 join "Biblioteket Östra" --organisation --invited-by Lena
2026-09-01 18:10 offer "Biblioteket Östra" Grupprum --kind premises --category lokal --capacity 1 --open "mån-fre 10:00-19:00"
2026-09-03 18:00 ask Cykelköket "plats för en klädbytardag" --kind premises --category lokal --by 2026-10-10
2026-09-05 10:00 introduce Åsa Cykelköket "Brf Linden 4" --about "klädbytardagen" --ask a3
2026-09-08 20:00 book Föreningslokalen Cykelköket --from "2026-10-03 09:00" --to "2026-10-03 17:00"
2026-09-08 20:05 give "Brf Linden 4" Cykelköket "lokalen en lördag" --ask a3 --resource Föreningslokalen --because 46
2026-09-08 20:06 close a3 --met
2026-10-03 18:00 follow-up 46 --collaborated
2026-10-04 11:00 give Cykelköket everyone "en klädbytardag" --category klädbyte --because 48
2026-10-06 18:00 join "Noor Rahimi" --invited-by Omar
2026-10-06 18:30 ask Noor "samtal på svenska" --kind time --category språk --quantity 10 --unit hour
2026-10-08 18:00 give Märta Noor "en promenad och prat på svenska" --hours 1.5 --ask a4
2026-10-12 19:00 leave Gustav
2026-10-15 18:00 give Märta Noor "en promenad och prat på svenska" --hours 1.5 --ask a4
2026-10-15 18:10 confirm 56 --recorded-by Noor
2026-10-16 19:00 initiative start Noor Språkkafé --category språk --because 56
2026-10-16 19:05 initiative join Märta i1
2026-10-16 19:10 ask Noor "ett bord en kväll i veckan" --kind premises --category lokal --for i1
2026-10-17 11:00 tell Noor Märta Fatima --about i1
2026-10-17 18:00 tell Fatima Omar Åsa --about i1 --heard-from 61
2026-10-17 18:10 endorse Fatima i1
2026-10-18 12:00 lend Lastcykel Björn --due 2026-10-25
2026-10-19 20:00 tell Omar Lena Knut --about i1 --heard-from 62
2026-10-20 19:30 endorse Åsa i1
2026-10-21 16:00 tell Lena "Biblioteket Östra" --about i1 --heard-from 65
2026-10-21 18:00 tie Märta Noor --nature granne
2026-10-21 18:05 tie Åsa "Brf Linden 4" --nature hyresgäst
2026-10-21 18:10 affiliate Björn Cykelköket --role kassör
2026-10-22 10:00 endorse "Biblioteket Östra" i1
2026-10-22 17:30 join "Ivar Dahl" --invited-by Knut
2026-10-22 17:40 ask Ivar "borrmaskin en helg" --kind equipment --category verktyg --by 2026-12-06
2026-10-29 18:00 give Noor "Biblioteket Östra" "sagostund på dari" --hours 1
2026-11-02 19:00 ask "Biblioteket Östra" "frukt åt barnen" --kind other --category frukt --quantity 10 --unit kg --by 2026-11-29
2026-11-05 18:00 give Stina "Biblioteket Östra" "äpplen" --quantity 4 --unit kg --resource Äpplen --ask a7
2026-11-07 10:00 book Föreningslokalen Noor --from "2026-11-28 14:00" --to "2026-11-28 18:00"
2026-11-07 10:10 book Mekplats Ivar --from "2026-11-24 18:00" --to "2026-11-24 20:00"
2026-11-08 20:10 nominate Åsa Märta --survey höst-2026
2026-11-08 20:11 nominate Knut Märta --survey höst-2026
2026-11-08 20:12 nominate Fatima Lena --survey höst-2026
2026-11-08 20:13 nominate Omar Lena --survey höst-2026
2026-11-08 20:14 nominate Noor Märta --survey höst-2026
2026-11-08 20:15 nominate Lena Stina --survey höst-2026
2026-11-10 18:00 introduce Fatima Noor "Café Linden" --about "ett språkkafé" --ask a5 --because 62
2026-11-12 17:00 give "Café Linden" i1 "ett bord och kaffe på torsdagar" --kind premises --ask a5 --because 85
2026-11-12 17:10 close a5 --met
2026-11-12 17:15 follow-up 85 --collaborated
2026-11-12 17:20 initiative join "Café Linden" i1
2026-11-12 17:30 endorse "Café Linden" i1
2026-11-13 20:30 gather "första kvällen" --with Noor --with Märta --with Omar --with Lena --with "Café Linden" --for i1 --because 86
2026-11-14 09:30 ask Märta "hjälp att skotta snö" --kind service --category snöskottning
2026-11-16 18:00 offer Björn Snöskottning --kind service --category snöskottning
2026-11-17 15:00 give "Biblioteket Östra" i1 "en låda lättlästa böcker" --kind equipment --because 67
2026-11-18 19:00 opportunity "Biblioteket Östra" "eget språkkafé" --kind way-of-working --because 91 --because 94
2026-11-18 20:00 note 91 "första kvällen kom elva"
2026-11-19 18:00 give Björn Ivar "hjälp att bära in en byrå" --hours 1
"""
