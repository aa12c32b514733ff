//===- ExtensionTable.cpp - Which extensions an instruction needs ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written by tools/dev/x86-extensions.py: change that, not this.
//
//===----------------------------------------------------------------------===//
#include "Extensions.h"

using namespace llvm;

namespace nnc::verify {

static constexpr ExtensionRow rows[] = {
    {"", Encoding::Legacy,
     "adc add addpd addps addsd addss and andnpd andnps andpd andps bsf bsr bswap bt btc btr bts "
     "call cbw cdq cdqe clc cld cli cmc cmova cmovae cmovb cmovbe cmove cmovg cmovge cmovl cmovle "
     "cmovne cmovno cmovnp cmovns cmovo cmovp cmovs cmp cmppd cmpps cmpsb cmpsd cmpsq cmpss cmpsw "
     "cmpxchg cmpxchg8b comisd comiss cpuid cqo cs cvtdq2pd cvtdq2ps cvtpd2dq cvtpd2pi cvtpd2ps "
     "cvtpi2pd cvtpi2ps cvtps2dq cvtps2pd cvtps2pi cvtsd2si cvtsd2ss cvtsi2sd cvtsi2ss cvtss2sd "
     "cvtss2si cvttpd2dq cvttpd2pi cvttps2dq cvttps2pi cvttsd2si cvttss2si cwd cwde data16 dec div "
     "divpd divps divsd divss ds endbr32 endbr64 enter idiv imul in inc insb insd insw int int1 "
     "int3 iret iretd iretq ja jae jb jbe je jecxz jg jge jl jle jmp jne jno jnp jns jo jp jrcxz "
     "js lahf lar ldmxcsr lea leave lfence lfs lgs lodsb lodsd lodsq lodsw loop loope loopne lsl "
     "lss maskmovdqu maskmovq maxpd maxps maxsd maxss mfence minpd minps minsd minss mov movabs "
     "movapd movaps movd movdq2q movdqa movdqu movhlps movhpd movhps movlhps movlpd movlps "
     "movmskpd movmskps movntdq movnti movntpd movntps movntq movq movq2dq movsb movsd movsq movss "
     "movsw movsx movsxd movupd movups movzx mul mulpd mulps mulsd mulss neg nop not or orpd orps "
     "out outsb outsd outsw packssdw packsswb packuswb paddb paddd paddq paddsb paddsw paddusb "
     "paddusw paddw pand pandn pause pavgb pavgw pcmpeqb pcmpeqd pcmpeqw pcmpgtb pcmpgtd pcmpgtw "
     "pinsrw pmaddwd pmaxsw pmaxub pminsw pminub pmovmskb pmulhuw pmulhw pmullw pmuludq pop popf "
     "popfq por prefetchnta prefetcht0 prefetcht1 prefetcht2 psadbw pshufd pshufhw pshuflw pshufw "
     "pslld pslldq psllq psllw psrad psraw psrld psrldq psrlq psrlw psubb psubd psubq psubsb "
     "psubsw psubusb psubusw psubw punpckhbw punpckhdq punpckhqdq punpckhwd punpcklbw punpckldq "
     "punpcklqdq punpcklwd push pushf pushfq pxor rcl rcpps rcpss rcr reservednop ret retf rol ror "
     "rsqrtps rsqrtss sahf sar sbb scasb scasd scasq scasw seta setae setb setbe sete setg setge "
     "setl setle setne setno setnp setns seto setp sets sfence sgdt shl shld shr shrd shufpd "
     "shufps sidt sldt smsw sqrtpd sqrtps sqrtsd sqrtss stc std sti stmxcsr stosb stosd stosq "
     "stosw str sub subpd subps subsd subss test ucomisd ucomiss ud0 ud1 ud2 unpckhpd unpckhps "
     "unpcklpd unpcklps verr verw wait xadd xchg xlatb xor xorpd xorps"},
    {"sse3", Encoding::Legacy,
     "addsubpd addsubps haddpd haddps hsubpd hsubps lddqu movddup movshdup movsldup"},
    {"ssse3", Encoding::Legacy,
     "pabsb pabsd pabsw palignr phaddd phaddsw phaddw phsubd phsubsw phsubw pmaddubsw pmulhrsw "
     "pshufb psignb psignd psignw"},
    {"sse4.1", Encoding::Legacy,
     "blendpd blendps blendvpd blendvps dppd dpps extractps insertps movntdqa mpsadbw packusdw "
     "pblendvb pblendw pcmpeqq pextrb pextrd pextrq pextrw phminposuw pinsrb pinsrd pinsrq pmaxsb "
     "pmaxsd pmaxud pmaxuw pminsb pminsd pminud pminuw pmovsxbd pmovsxbq pmovsxbw pmovsxdq "
     "pmovsxwd pmovsxwq pmovzxbd pmovzxbq pmovzxbw pmovzxdq pmovzxwd pmovzxwq pmuldq pmulld ptest "
     "roundpd roundps roundsd roundss"},
    {"sse4.2", Encoding::Legacy,
     "crc32 pcmpestri pcmpestri64 pcmpestrm pcmpestrm64 pcmpgtq pcmpistri pcmpistrm"},
    {"popcnt", Encoding::Legacy, "popcnt"},
    {"avx", Encoding::VEX,
     "vaddpd vaddps vaddsd vaddss vaddsubpd vaddsubps vandnpd vandnps vandpd vandps vblendpd "
     "vblendps vblendvpd vblendvps vbroadcastf128 vcmppd vcmpps vcmpsd vcmpss vcomisd vcomiss "
     "vcvtdq2pd vcvtdq2ps vcvtpd2dq vcvtpd2ps vcvtps2dq vcvtps2pd vcvtsd2si vcvtsd2ss vcvtsi2sd "
     "vcvtsi2ss vcvtss2sd vcvtss2si vcvttpd2dq vcvttps2dq vcvttsd2si vcvttss2si vdivpd vdivps "
     "vdivsd vdivss vdppd vdpps vextractf128 vextractps vhaddpd vhaddps vhsubpd vhsubps "
     "vinsertf128 vinsertps vlddqu vldmxcsr vmaskmovdqu vmaskmovpd vmaskmovps vmaxpd vmaxps vmaxsd "
     "vmaxss vminpd vminps vminsd vminss vmovapd vmovaps vmovd vmovddup vmovdqa vmovdqu vmovhlps "
     "vmovhpd vmovhps vmovlhps vmovlpd vmovlps vmovmskpd vmovmskps vmovntdq vmovntpd vmovntps "
     "vmovq vmovsd vmovshdup vmovsldup vmovss vmovupd vmovups vmulpd vmulps vmulsd vmulss vorpd "
     "vorps vpcmpestri vpcmpestri64 vpcmpestrm vpcmpestrm64 vpcmpistri vpcmpistrm vperm2f128 "
     "vpermilpd vpermilps vpextrb vpextrd vpextrq vpextrw vphminposuw vpinsrb vpinsrd vpinsrq "
     "vpinsrw vptest vrcpps vrcpss vroundpd vroundps vroundsd vroundss vrsqrtps vrsqrtss vshufpd "
     "vshufps vsqrtpd vsqrtps vsqrtsd vsqrtss vstmxcsr vsubpd vsubps vsubsd vsubss vtestpd vtestps "
     "vucomisd vucomiss vunpckhpd vunpckhps vunpcklpd vunpcklps vxorpd vxorps vzeroall vzeroupper"},
    {"avx gfni", Encoding::VEX, "vgf2p8affineinvqb vgf2p8affineqb vgf2p8mulb"},
    {"avx2", Encoding::VEX,
     "vbroadcasti128 vbroadcastsd vbroadcastss vextracti128 vgatherdpd vgatherdps vgatherqpd "
     "vgatherqps vinserti128 vmovntdqa vmpsadbw vpabsb vpabsd vpabsw vpackssdw vpacksswb vpackusdw "
     "vpackuswb vpaddb vpaddd vpaddq vpaddsb vpaddsw vpaddusb vpaddusw vpaddw vpalignr vpand "
     "vpandn vpavgb vpavgw vpblendd vpblendvb vpblendw vpbroadcastb vpbroadcastd vpbroadcastq "
     "vpbroadcastw vpcmpeqb vpcmpeqd vpcmpeqq vpcmpeqw vpcmpgtb vpcmpgtd vpcmpgtq vpcmpgtw "
     "vperm2i128 vpermd vpermpd vpermps vpermq vpgatherdd vpgatherdq vpgatherqd vpgatherqq vphaddd "
     "vphaddsw vphaddw vphsubd vphsubsw vphsubw vpmaddubsw vpmaddwd vpmaskmovd vpmaskmovq vpmaxsb "
     "vpmaxsd vpmaxsw vpmaxub vpmaxud vpmaxuw vpminsb vpminsd vpminsw vpminub vpminud vpminuw "
     "vpmovmskb vpmovsxbd vpmovsxbq vpmovsxbw vpmovsxdq vpmovsxwd vpmovsxwq vpmovzxbd vpmovzxbq "
     "vpmovzxbw vpmovzxdq vpmovzxwd vpmovzxwq vpmuldq vpmulhrsw vpmulhuw vpmulhw vpmulld vpmullw "
     "vpmuludq vpor vpsadbw vpshufb vpshufd vpshufhw vpshuflw vpsignb vpsignd vpsignw vpslld "
     "vpslldq vpsllq vpsllvd vpsllvq vpsllw vpsrad vpsravd vpsraw vpsrld vpsrldq vpsrlq vpsrlvd "
     "vpsrlvq vpsrlw vpsubb vpsubd vpsubq vpsubsb vpsubsw vpsubusb vpsubusw vpsubw vpunpckhbw "
     "vpunpckhdq vpunpckhqdq vpunpckhwd vpunpcklbw vpunpckldq vpunpcklqdq vpunpcklwd vpxor"},
    {"bmi", Encoding::Legacy, "tzcnt"},
    {"bmi", Encoding::VEX, "andn bextr blsi blsmsk blsr"},
    {"bmi2", Encoding::VEX, "bzhi mulx pdep pext rorx sarx shlx shrx"},
    {"f16c", Encoding::VEX, "vcvtph2ps vcvtps2ph"},
    {"fma", Encoding::VEX,
     "vfmadd132pd vfmadd132ps vfmadd132sd vfmadd132ss vfmadd213pd vfmadd213ps vfmadd213sd "
     "vfmadd213ss vfmadd231pd vfmadd231ps vfmadd231sd vfmadd231ss vfmaddsub132pd vfmaddsub132ps "
     "vfmaddsub213pd vfmaddsub213ps vfmaddsub231pd vfmaddsub231ps vfmsub132pd vfmsub132ps "
     "vfmsub132sd vfmsub132ss vfmsub213pd vfmsub213ps vfmsub213sd vfmsub213ss vfmsub231pd "
     "vfmsub231ps vfmsub231sd vfmsub231ss vfmsubadd132pd vfmsubadd132ps vfmsubadd213pd "
     "vfmsubadd213ps vfmsubadd231pd vfmsubadd231ps vfnmadd132pd vfnmadd132ps vfnmadd132sd "
     "vfnmadd132ss vfnmadd213pd vfnmadd213ps vfnmadd213sd vfnmadd213ss vfnmadd231pd vfnmadd231ps "
     "vfnmadd231sd vfnmadd231ss vfnmsub132pd vfnmsub132ps vfnmsub132sd vfnmsub132ss vfnmsub213pd "
     "vfnmsub213ps vfnmsub213sd vfnmsub213ss vfnmsub231pd vfnmsub231ps vfnmsub231sd vfnmsub231ss"},
    {"lzcnt", Encoding::Legacy, "lzcnt"},
    {"movbe", Encoding::Legacy, "movbe"},
    {"xsave", Encoding::Legacy, "xgetbv xrstor xrstor64 xsave xsave64"},
    {"avx512f", Encoding::EVEX,
     "vaddpd vaddps vaddsd vaddss valignd valignq vblendmpd vblendmps vbroadcastf32x4 "
     "vbroadcastf64x4 vbroadcasti32x4 vbroadcasti64x4 vbroadcastsd vbroadcastss vcmppd vcmpps "
     "vcmpsd vcmpss vcomisd vcomiss vcompresspd vcompressps vcvtdq2pd vcvtdq2ps vcvtpd2dq "
     "vcvtpd2ps vcvtpd2udq vcvtph2ps vcvtps2dq vcvtps2pd vcvtps2ph vcvtps2udq vcvtsd2si vcvtsd2ss "
     "vcvtsd2usi vcvtsi2sd vcvtsi2ss vcvtss2sd vcvtss2si vcvtss2usi vcvttpd2dq vcvttpd2udq "
     "vcvttps2dq vcvttps2udq vcvttsd2si vcvttsd2usi vcvttss2si vcvttss2usi vcvtudq2pd vcvtudq2ps "
     "vcvtusi2sd vcvtusi2ss vdivpd vdivps vdivsd vdivss vexpandpd vexpandps vextractf32x4 "
     "vextractf64x4 vextracti32x4 vextracti64x4 vextractps vfixupimmpd vfixupimmps vfixupimmsd "
     "vfixupimmss vfmadd132pd vfmadd132ps vfmadd132sd vfmadd132ss vfmadd213pd vfmadd213ps "
     "vfmadd213sd vfmadd213ss vfmadd231pd vfmadd231ps vfmadd231sd vfmadd231ss vfmaddsub132pd "
     "vfmaddsub132ps vfmaddsub213pd vfmaddsub213ps vfmaddsub231pd vfmaddsub231ps vfmsub132pd "
     "vfmsub132ps vfmsub132sd vfmsub132ss vfmsub213pd vfmsub213ps vfmsub213sd vfmsub213ss "
     "vfmsub231pd vfmsub231ps vfmsub231sd vfmsub231ss vfmsubadd132pd vfmsubadd132ps vfmsubadd213pd "
     "vfmsubadd213ps vfmsubadd231pd vfmsubadd231ps vfnmadd132pd vfnmadd132ps vfnmadd132sd "
     "vfnmadd132ss vfnmadd213pd vfnmadd213ps vfnmadd213sd vfnmadd213ss vfnmadd231pd vfnmadd231ps "
     "vfnmadd231sd vfnmadd231ss vfnmsub132pd vfnmsub132ps vfnmsub132sd vfnmsub132ss vfnmsub213pd "
     "vfnmsub213ps vfnmsub213sd vfnmsub213ss vfnmsub231pd vfnmsub231ps vfnmsub231sd vfnmsub231ss "
     "vgatherdpd vgatherdps vgatherqpd vgatherqps vgetexppd vgetexpps vgetexpsd vgetexpss "
     "vgetmantpd vgetmantps vgetmantsd vgetmantss vinsertf32x4 vinsertf64x4 vinserti32x4 "
     "vinserti64x4 vinsertps vmaxpd vmaxps vmaxsd vmaxss vminpd vminps vminsd vminss vmovapd "
     "vmovaps vmovd vmovddup vmovdqa32 vmovdqa64 vmovdqu32 vmovdqu64 vmovhlps vmovhpd vmovhps "
     "vmovlhps vmovlpd vmovlps vmovntdq vmovntdqa vmovntpd vmovntps vmovq vmovsd vmovshdup "
     "vmovsldup vmovss vmovupd vmovups vmulpd vmulps vmulsd vmulss vpabsd vpabsq vpaddd vpaddq "
     "vpandd vpandnd vpandnq vpandq vpblendmd vpblendmq vpbroadcastd vpbroadcastq vpcmpd vpcmpeqd "
     "vpcmpeqq vpcmpgtd vpcmpgtq vpcmpq vpcmpud vpcmpuq vpcompressd vpcompressq vpermd vpermi2d "
     "vpermi2pd vpermi2ps vpermi2q vpermilpd vpermilps vpermpd vpermps vpermq vpermt2d vpermt2pd "
     "vpermt2ps vpermt2q vpexpandd vpexpandq vpgatherdd vpgatherdq vpgatherqd vpgatherqq vpmaxsd "
     "vpmaxsq vpmaxud vpmaxuq vpminsd vpminsq vpminud vpminuq vpmovdb vpmovdw vpmovqb vpmovqd "
     "vpmovqw vpmovsdb vpmovsdw vpmovsqb vpmovsqd vpmovsqw vpmovsxbd vpmovsxbq vpmovsxdq vpmovsxwd "
     "vpmovsxwq vpmovusdb vpmovusdw vpmovusqb vpmovusqd vpmovusqw vpmovzxbd vpmovzxbq vpmovzxdq "
     "vpmovzxwd vpmovzxwq vpmuldq vpmulld vpmuludq vpord vporq vprold vprolq vprolvd vprolvq "
     "vprord vprorq vprorvd vprorvq vpscatterdd vpscatterdq vpscatterqd vpscatterqq vpshufd vpslld "
     "vpsllq vpsllvd vpsllvq vpsrad vpsraq vpsravd vpsravq vpsrld vpsrlq vpsrlvd vpsrlvq vpsubd "
     "vpsubq vpternlogd vpternlogq vptestmd vptestmq vptestnmd vptestnmq vpunpckhdq vpunpckhqdq "
     "vpunpckldq vpunpcklqdq vpxord vpxorq vrcp14pd vrcp14ps vrcp14sd vrcp14ss vrndscalepd "
     "vrndscaleps vrndscalesd vrndscaless vrsqrt14pd vrsqrt14ps vrsqrt14sd vrsqrt14ss vscalefpd "
     "vscalefps vscalefsd vscalefss vscatterdpd vscatterdps vscatterqpd vscatterqps vshuff32x4 "
     "vshuff64x2 vshufi32x4 vshufi64x2 vshufpd vshufps vsqrtpd vsqrtps vsqrtsd vsqrtss vsubpd "
     "vsubps vsubsd vsubss vucomisd vucomiss vunpckhpd vunpckhps vunpcklpd vunpcklps"},
    {"avx512f", Encoding::VEX,
     "kandnw kandw kmovw knotw kortestw korw kshiftlw kshiftrw kunpckbw kxnorw kxorw"},
    {"avx512f avx512bw", Encoding::EVEX,
     "vdbpsadbw vmovdqu16 vmovdqu8 vpabsb vpabsw vpackssdw vpacksswb vpackusdw vpackuswb vpaddb "
     "vpaddsb vpaddsw vpaddusb vpaddusw vpaddw vpalignr vpavgb vpavgw vpblendmb vpblendmw "
     "vpbroadcastb vpbroadcastw vpcmpb vpcmpeqb vpcmpeqw vpcmpgtb vpcmpgtw vpcmpub vpcmpuw vpcmpw "
     "vpermi2w vpermt2w vpermw vpextrb vpextrw vpinsrb vpinsrw vpmaddubsw vpmaddwd vpmaxsb vpmaxsw "
     "vpmaxub vpmaxuw vpminsb vpminsw vpminub vpminuw vpmovb2m vpmovm2b vpmovm2w vpmovswb "
     "vpmovsxbw vpmovuswb vpmovw2m vpmovwb vpmovzxbw vpmulhrsw vpmulhuw vpmulhw vpmullw vpsadbw "
     "vpshufb vpshufhw vpshuflw vpslldq vpsllvw vpsllw vpsravw vpsraw vpsrldq vpsrlvw vpsrlw "
     "vpsubb vpsubsb vpsubsw vpsubusb vpsubusw vpsubw vptestmb vptestmw vptestnmb vptestnmw "
     "vpunpckhbw vpunpckhwd vpunpcklbw vpunpcklwd"},
    {"avx512f avx512cd", Encoding::EVEX,
     "vpbroadcastmb2q vpbroadcastmw2d vpconflictd vpconflictq vplzcntd vplzcntq"},
    {"avx512f avx512dq", Encoding::EVEX,
     "vandnpd vandnps vandpd vandps vbroadcastf32x2 vbroadcastf32x8 vbroadcastf64x2 "
     "vbroadcasti32x2 vbroadcasti32x8 vbroadcasti64x2 vcvtpd2qq vcvtpd2uqq vcvtps2qq vcvtps2uqq "
     "vcvtqq2pd vcvtqq2ps vcvttpd2qq vcvttpd2uqq vcvttps2qq vcvttps2uqq vcvtuqq2pd vcvtuqq2ps "
     "vextractf32x8 vextractf64x2 vextracti32x8 vextracti64x2 vfpclasspd vfpclassps vfpclasssd "
     "vfpclassss vinsertf32x8 vinsertf64x2 vinserti32x8 vinserti64x2 vorpd vorps vpextrd vpextrq "
     "vpinsrd vpinsrq vpmovd2m vpmovm2d vpmovm2q vpmovq2m vpmullq vrangepd vrangeps vrangesd "
     "vrangess vreducepd vreduceps vreducesd vreducess vxorpd vxorps"},
    {"avx512f avx512vnni", Encoding::EVEX, "vpdpbusd vpdpbusds vpdpwssd vpdpwssds"},
    {"avx512f avx512ifma", Encoding::EVEX, "vpmadd52huq vpmadd52luq"},
    {"avx512f avx512vbmi", Encoding::EVEX, "vpermb vpermi2b vpermt2b vpmultishiftqb"},
    {"avx512f avx512vbmi2", Encoding::EVEX,
     "vpcompressb vpcompressw vpexpandb vpexpandw vpshldd vpshldq vpshldvd vpshldvq vpshldvw "
     "vpshldw vpshrdd vpshrdq vpshrdvd vpshrdvq vpshrdvw vpshrdw"},
    {"avx512f avx512bitalg", Encoding::EVEX, "vpopcntb vpopcntw vpshufbitqmb"},
    {"avx512f avx512vpopcntdq", Encoding::EVEX, "vpopcntd vpopcntq"},
    {"avx512f avx512bf16", Encoding::EVEX, "vcvtne2ps2bf16 vcvtneps2bf16 vdpbf16ps"},
    {"avx512f avx512fp16", Encoding::EVEX,
     "vaddph vaddsh vcmpph vcmpsh vcomish vcvtdq2ph vcvtpd2ph vcvtph2dq vcvtph2pd vcvtph2psx "
     "vcvtph2qq vcvtph2udq vcvtph2uqq vcvtph2uw vcvtph2w vcvtps2phx vcvtqq2ph vcvtsd2sh vcvtsh2sd "
     "vcvtsh2si vcvtsh2ss vcvtsh2usi vcvtsi2sh vcvtss2sh vcvttph2dq vcvttph2qq vcvttph2udq "
     "vcvttph2uqq vcvttph2uw vcvttph2w vcvttsh2si vcvttsh2usi vcvtudq2ph vcvtuqq2ph vcvtusi2sh "
     "vcvtuw2ph vcvtw2ph vdivph vdivsh vfcmaddcph vfcmaddcsh vfcmulcph vfcmulcsh vfmadd132ph "
     "vfmadd132sh vfmadd213ph vfmadd213sh vfmadd231ph vfmadd231sh vfmaddcph vfmaddcsh "
     "vfmaddsub132ph vfmaddsub213ph vfmaddsub231ph vfmsub132ph vfmsub132sh vfmsub213ph vfmsub213sh "
     "vfmsub231ph vfmsub231sh vfmsubadd132ph vfmsubadd213ph vfmsubadd231ph vfmulcph vfmulcsh "
     "vfnmadd132ph vfnmadd132sh vfnmadd213ph vfnmadd213sh vfnmadd231ph vfnmadd231sh vfnmsub132ph "
     "vfnmsub132sh vfnmsub213ph vfnmsub213sh vfnmsub231ph vfnmsub231sh vfpclassph vfpclasssh "
     "vgetexpph vgetexpsh vgetmantph vgetmantsh vmaxph vmaxsh vminph vminsh vmovsh vmovw vmulph "
     "vmulsh vrcpph vrcpsh vreduceph vreducesh vrndscaleph vrndscalesh vrsqrtph vrsqrtsh vscalefph "
     "vscalefsh vsqrtph vsqrtsh vsubph vsubsh vucomish"},
    {"avx512f gfni", Encoding::EVEX, "vgf2p8affineinvqb vgf2p8affineqb vgf2p8mulb"},
    {"avx512f vaes", Encoding::EVEX, "vaesdec vaesdeclast vaesenc vaesenclast"},
    {"avx512f vpclmulqdq", Encoding::EVEX, "vpclmulqdq"},
    {"avx512bw", Encoding::VEX,
     "kaddd kaddq kandd kandnd kandnq kandq kmovd kmovq knotd knotq kord korq kortestd kortestq "
     "kshiftld kshiftlq kshiftrd kshiftrq ktestd ktestq kunpckdq kunpckwd kxnord kxnorq kxord "
     "kxorq"},
    {"avx512dq", Encoding::VEX,
     "kaddb kaddw kandb kandnb kmovb knotb korb kortestb kshiftlb kshiftrb ktestb ktestw kxnorb "
     "kxorb"},
    {"avxvnni", Encoding::VEX, "vpdpbusd vpdpbusds vpdpwssd vpdpwssds"},
    {"avxvnniint8", Encoding::VEX, "vpdpbssd vpdpbssds vpdpbsud vpdpbsuds vpdpbuud vpdpbuuds"},
    {"avxvnniint16", Encoding::VEX, "vpdpwsud vpdpwsuds vpdpwusd vpdpwusds vpdpwuud vpdpwuuds"},
    {"avxifma", Encoding::VEX, "vpmadd52huq vpmadd52luq"},
    {"gfni", Encoding::Legacy, "gf2p8affineinvqb gf2p8affineqb gf2p8mulb"},
    {"vaes", Encoding::VEX, "vaesdec vaesdeclast vaesenc vaesenclast"},
    {"vpclmulqdq", Encoding::VEX, "vpclmulqdq"},
    {"sha", Encoding::Legacy,
     "sha1msg1 sha1msg2 sha1nexte sha1rnds4 sha256msg1 sha256msg2 sha256rnds2"},
    {"amx-tile", Encoding::VEX,
     "ldtilecfg sttilecfg tileloadd tileloaddt1 tilerelease tilestored tilezero"},
    {"amx-int8", Encoding::VEX, "tdpbssd tdpbsud tdpbusd tdpbuud"},
};

ArrayRef<ExtensionRow> extensionRows() { return rows; }

StringRef fixedLengthMnemonics() {
  return "vaddsd vaddsh vaddss vbroadcastf32x8 vbroadcastf64x4 vbroadcasti32x8 vbroadcasti64x4 "
         "vcmpsd "
         "vcmpsh vcmpss vcomisd vcomish vcomiss vcvtsd2sh vcvtsd2si vcvtsd2ss vcvtsd2usi vcvtsh2sd "
         "vcvtsh2si vcvtsh2ss vcvtsh2usi vcvtsi2sd vcvtsi2sh vcvtsi2ss vcvtss2sd vcvtss2sh "
         "vcvtss2si "
         "vcvtss2usi vcvttsd2si vcvttsd2usi vcvttsh2si vcvttsh2usi vcvttss2si vcvttss2usi "
         "vcvtusi2sd "
         "vcvtusi2sh vcvtusi2ss vdivsd vdivsh vdivss vextractf32x8 vextractf64x4 vextracti32x8 "
         "vextracti64x4 vextractps vfcmaddcsh vfcmulcsh vfixupimmsd vfixupimmss vfmadd132sd "
         "vfmadd132sh vfmadd132ss vfmadd213sd vfmadd213sh vfmadd213ss vfmadd231sd vfmadd231sh "
         "vfmadd231ss vfmaddcsh vfmsub132sd vfmsub132sh vfmsub132ss vfmsub213sd vfmsub213sh "
         "vfmsub213ss vfmsub231sd vfmsub231sh vfmsub231ss vfmulcsh vfnmadd132sd vfnmadd132sh "
         "vfnmadd132ss vfnmadd213sd vfnmadd213sh vfnmadd213ss vfnmadd231sd vfnmadd231sh "
         "vfnmadd231ss "
         "vfnmsub132sd vfnmsub132sh vfnmsub132ss vfnmsub213sd vfnmsub213sh vfnmsub213ss "
         "vfnmsub231sd "
         "vfnmsub231sh vfnmsub231ss vfpclasssd vfpclasssh vfpclassss vgetexpsd vgetexpsh vgetexpss "
         "vgetmantsd vgetmantsh vgetmantss vinsertf32x8 vinsertf64x4 vinserti32x8 vinserti64x4 "
         "vinsertps vmaxsd vmaxsh vmaxss vminsd vminsh vminss vmovd vmovhlps vmovhpd vmovhps "
         "vmovlhps "
         "vmovlpd vmovlps vmovq vmovsd vmovsh vmovss vmovw vmulsd vmulsh vmulss vpextrb vpextrd "
         "vpextrq vpextrw vpinsrb vpinsrd vpinsrq vpinsrw vrangesd vrangess vrcp14sd vrcp14ss "
         "vrcpsh "
         "vreducesd vreducesh vreducess vrndscalesd vrndscalesh vrndscaless vrsqrt14sd vrsqrt14ss "
         "vrsqrtsh vscalefsd vscalefsh vscalefss vsqrtsd vsqrtsh vsqrtss vsubsd vsubsh vsubss "
         "vucomisd "
         "vucomish vucomiss";
}

} // namespace nnc::verify
